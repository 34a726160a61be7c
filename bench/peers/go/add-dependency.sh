# golang:1.27.3-alpine3.23
go get golang.org/x/text@v0.30.0
