FROM alpine:3.23
# Größe, naïve, 日本語
RUN echo "日本語 Größe" é
LABEL title="Größe — 日本語" 名=値
ARG a= b
CMD ["é", "\ud83d\ude00"]
