# Two stages: the packages are installed in the first, the second carries no build tools.
FROM python:3.11-slim AS packages
COPY requirements.lock /tmp/requirements.lock
RUN python -m venv /opt/backlot-env \
    && /opt/backlot-env/bin/python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes --only-binary :all: -r /tmp/requirements.lock

FROM python:3.11-slim
ENV PATH=/opt/backlot-env/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    BACKLOT_DATA=/data \
    HOST=0.0.0.0
RUN useradd --system --uid 10001 --create-home --shell /usr/sbin/nologin backlot \
    && install -d -o backlot -g backlot -m 0700 /data
COPY --from=packages /opt/backlot-env /opt/backlot-env
COPY --chown=root:root . /srv/backlot
WORKDIR /srv/backlot
USER backlot
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=10s --start-period=60s --retries=4 \
    CMD ["python", "-m", "studio.run", "healthy"]
# Everything in one container. compose.yaml starts the parts one by one.
CMD ["python", "-m", "studio.run"]
