# The command in a container: docker run --rm -v "$PWD:/work" asr-conformance run --adapter my.adapter:factory
FROM python:3.13-slim AS build
WORKDIR /source
COPY . .
RUN python -m pip wheel --quiet --no-deps --wheel-dir /wheels .

FROM python:3.13-slim
COPY --from=build /wheels /wheels
RUN python -m pip install --quiet --no-cache-dir "asr-conformance[arm,server,learn] @ file://$(ls /wheels/*.whl)"
WORKDIR /work
ENTRYPOINT ["asr-conformance"]
