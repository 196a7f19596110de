# docker build -t touchstone .                 the CPU image (the default target)
# docker build -t touchstone:cuda --target cuda --build-arg LIBTORCH=<URL of a CUDA LibTorch zip> .
# docker run --rm -v "$PWD":/work touchstone run cell_03
# docker run --rm --gpus all -v "$PWD":/work touchstone:cuda run --device cuda

FROM debian:12-slim AS cpu-build
WORKDIR /src
COPY bootstrap.sh ./
RUN ./bootstrap.sh program-packages
COPY . .
# The revision that results name: docker build --build-arg REVISION=$(git describe --always --dirty) ...
ARG REVISION=
RUN TOUCHSTONE_REVISION=$REVISION ./bootstrap.sh build && cmake --install build/release --prefix /opt/touchstone

FROM nvidia/cuda:12.6.3-cudnn-devel-ubuntu24.04 AS cuda-build
ARG LIBTORCH=https://download.pytorch.org/libtorch/cu126/libtorch-cxx11-abi-shared-with-deps-2.6.0%2Bcu126.zip
WORKDIR /src
COPY bootstrap.sh ./
RUN ./bootstrap.sh cuda-packages
RUN wget -q "$LIBTORCH" -O /tmp/libtorch.zip && unzip -q /tmp/libtorch.zip -d /opt && rm /tmp/libtorch.zip
COPY . .
ARG REVISION=
RUN cmake -G Ninja -S . -B build -DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH=/opt/libtorch \
      -DTOUCHSTONE_BUILD_TESTS=OFF -DTOUCHSTONE_REVISION="$REVISION" \
    && cmake --build build && cmake --install build --prefix /opt/touchstone

FROM nvidia/cuda:12.6.3-cudnn-runtime-ubuntu24.04 AS cuda
COPY bootstrap.sh /tmp/
RUN /tmp/bootstrap.sh cuda-image-packages && rm -rf /tmp/bootstrap.sh /var/lib/apt/lists/*
COPY --from=cuda-build /opt/libtorch/lib /opt/libtorch/lib
COPY --from=cuda-build /opt/touchstone /opt/touchstone
ENV LD_LIBRARY_PATH=/opt/libtorch/lib PATH=/opt/touchstone/bin:$PATH
ENV TOUCHSTONE_EXPERIMENTS=/opt/touchstone/share/touchstone/experiments
WORKDIR /work
ENTRYPOINT ["touchstone"]

# Last, so that it is what a plain `docker build` makes.
FROM debian:12-slim AS cpu
COPY bootstrap.sh /tmp/
RUN /tmp/bootstrap.sh image-packages && rm -rf /tmp/bootstrap.sh /var/lib/apt/lists/*
COPY --from=cpu-build /opt/touchstone /opt/touchstone
ENV PATH=/opt/touchstone/bin:$PATH TOUCHSTONE_EXPERIMENTS=/opt/touchstone/share/touchstone/experiments
WORKDIR /work
ENTRYPOINT ["touchstone"]
