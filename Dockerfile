# One image for web and jobs: docker-compose.yml says which process is which.

FROM python:3.11-slim-trixie AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /build
RUN python -m venv /tools && python -m venv /app
COPY requirements.lock requirements-build.lock ./
RUN /tools/bin/pip install --require-hashes -r requirements-build.lock \
    && /app/bin/pip install --require-hashes -r requirements.lock
COPY . .
RUN /tools/bin/pip wheel --no-build-isolation --no-deps --wheel-dir /wheels . \
    && /app/bin/pip install --no-deps /wheels/*.whl

FROM python:3.11-slim-trixie
# pg_dump and pg_restore for backups: of the version that the server in docker-compose.yml has. Pango and a font lay out
# the PDFs of board packs.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-client-17 \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-liberation \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/victimcare victimcare
COPY --from=build /app /app
ENV PATH=/app/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER victimcare
WORKDIR /var/lib/victimcare
EXPOSE 8000
ENTRYPOINT ["victimcare"]
CMD ["start"]
