from alpine:3.23 as First
  Run   echo   "spaces  inside"   
	cmd ["a"]
oNbUiLd run echo later
