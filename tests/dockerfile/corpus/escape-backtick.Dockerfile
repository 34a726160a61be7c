# escape=`
FROM mcr.microsoft.com/windows/nanoserver:ltsc2025
WORKDIR C:\app
COPY a.txt `
     C:\
RUN dir C:\ `
    && echo `` done
ENV WHERE="C:\a `"b`" c" OTHER=C:\x` y
