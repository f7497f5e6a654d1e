# syntax=docker/dockerfile:1
ARG BASE=docker.io/library/python:3.13-slim

FROM ${BASE} AS build
WORKDIR /src
RUN python -m venv /opt/aggregator
COPY requirements/run.txt requirements/run.txt
RUN /opt/aggregator/bin/pip install --no-cache-dir --no-deps --require-hashes --only-binary :all: -r requirements/run.txt
COPY . .
RUN /opt/aggregator/bin/pip install --no-cache-dir --no-deps --no-build-isolation . \
    && /opt/aggregator/bin/pip uninstall --yes --quiet hatchling editables

FROM ${BASE}
LABEL org.opencontainers.image.title="aggregator" \
      org.opencontainers.image.description="Combined news feeds with every story once" \
      org.opencontainers.image.licenses="MIT"
COPY --from=build /opt/aggregator /opt/aggregator
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin aggregator \
    && install -d -o aggregator -g aggregator /data /config
ENV PATH=/opt/aggregator/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    AGGREGATOR_DATA=/data \
    AGGREGATOR_LISTEN=0.0.0.0:8080
WORKDIR /
USER aggregator
VOLUME ["/data", "/config"]
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=60s --timeout=10s --start-period=20s CMD ["aggregator", "health"]
ENTRYPOINT ["aggregator"]
CMD ["run"]
