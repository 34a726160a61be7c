module example.com/zz

go 1.27
