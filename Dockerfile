# syntax=docker/dockerfile:1
# The image of aggregator. docs/docker.md says how to build, run, upgrade and back it up.
#
# Everything comes from wheels with hashes (requirements/run.txt), so that nothing is compiled, on amd64 or arm64.
# A release names its base by digest: docs/docker.md, "For a release".
ARG BASE=docker.io/library/python:3.13-slim-trixie

FROM ${BASE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    PYTHONDONTWRITEBYTECODE=1
# hadolint ignore=DL3008
RUN apt-get update && apt-get install --yes --no-install-recommends binutils
WORKDIR /src
# Pip stands beside what it fills, so that it is easily left behind.
RUN python -m venv /opt/pip && python -m venv --without-pip /opt/aggregator
COPY requirements/run.txt requirements/run.txt
RUN /opt/pip/bin/pip --python /opt/aggregator/bin/python install \
        --no-compile --no-deps --require-hashes --only-binary :all: -r requirements/run.txt
COPY pyproject.toml README.md LICENSE ./
COPY aggregator aggregator
RUN /opt/aggregator/bin/python -m pip install --no-compile --no-deps --no-build-isolation .
# Then goes what only builds, what we never ask of a library (tests/test_image.py runs without these), headers, the
# names of languages in every language, apprise in other languages and its pictures, what pip wrote down and what
# registries show of each package (not its licence), what only debuggers read, and of the pieces of words all but them.
WORKDIR /opt/aggregator
RUN /opt/pip/bin/pip --python bin/python uninstall --yes \
        pip hatchling editables packaging pathspec trove-classifiers \
        click-default-group dateparser markdown-it-py mdurl pygments pytz tabulate tomlkit \
    && find lib -type d \( -name tests -o -name test \) -prune -exec rm -r {} + \
    && find lib -regextype posix-extended \( \
        -regex '.*\.(h|pxd|pxi|pyi|pyx)|.*\.dist-info/(RECORD|sboms/.*)|.*/zoneinfo/tzdata.zi|.*/trafilatura/data/.*' \
        -o -regex '.*/lxml/(objectify|isoschematron|html/_?diff|(builder|sax)\.[^/]*so).*|.*/pydantic/(v1|mypy).*' \
        -o -regex '.*/apprise/(i18n|assets/themes)/.*|.*/babel/messages.*|.*/backports/zstd/(tar|zip)file.*' \
        -o -path '*/babel/locale-data/*' ! -name root.dat \) -delete \
    && find lib -path '*.dist-info/METADATA' -exec sed -i '/^$/,$d' {} + \
    && find lib -type f -name '*.so' -exec strip --strip-unneeded {} + \
    && bin/python -c 'import json, sys; held = json.load(open(sys.argv[1]))["model"]["vocab"]; \
        json.dump({"model": {"vocab": held}}, open(sys.argv[1], "w"), ensure_ascii=False)' \
        lib/python*/site-packages/wordllama/tokenizers/*.json \
    && find bin -type f ! -name aggregator -delete

FROM ${BASE}
ARG BASE
ARG VERSION=unreleased
ARG REVISION=unknown
LABEL org.opencontainers.image.title="aggregator" \
      org.opencontainers.image.description="Combined news feeds with every story once" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="${BASE}"
# Any user may write to a fresh volume, so that compose.yaml can run as the one who owns ./config.
RUN useradd --uid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin aggregator \
    && install -d -m 1777 -o aggregator -g aggregator /data /config
COPY --from=build /opt/aggregator /opt/aggregator
# Bytecode of all that is ever imported, also of Python's own library, which comes without: nobody can write it later.
RUN /opt/aggregator/bin/python -c 'import aggregator.cli, aggregator.parse.article, uvicorn.protocols.http.h11_impl'
ENV PATH=/opt/aggregator/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    AGGREGATOR_DATA=/data \
    AGGREGATOR_LISTEN=0.0.0.0:8080
# The config is config/aggregator.yaml below this folder; without one the first start writes it.
WORKDIR /
USER 10001:10001
VOLUME ["/data", "/config"]
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=60s --timeout=10s --start-period=60s --retries=3 CMD ["aggregator", "health"]
ENTRYPOINT ["aggregator"]
CMD ["run"]
