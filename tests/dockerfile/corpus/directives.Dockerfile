#  Escape =  `   
# SYNTAX=docker/dockerfile:1
FROM alpine:3.23 `
  AS build
# syntax=too-late
