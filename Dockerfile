# policycheck in a container: docker build -t policycheck . ; docker run --rm -v "$PWD:/work" policycheck --help
FROM python:3.12-slim AS build
WORKDIR /source
COPY requirements/run.txt requirements/run.txt
RUN python -m venv /opt/policycheck && \
    /opt/policycheck/bin/pip install --no-cache-dir --require-hashes -r requirements/run.txt
COPY pyproject.toml README.md LICENSE ./
COPY docs/rules docs/rules
COPY policycheck policycheck
RUN /opt/policycheck/bin/pip install --no-cache-dir --no-deps .

FROM python:3.12-slim
COPY --from=build /opt/policycheck /opt/policycheck
ENV PATH="/opt/policycheck/bin:$PATH" POLICYCHECK_CACHE_DIR=""
RUN useradd --no-create-home --shell /usr/sbin/nologin policycheck
USER policycheck
WORKDIR /work
ENTRYPOINT ["policycheck"]
