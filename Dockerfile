# docker build -t touchstone .                 the CPU image (the default target)
# docker build -t touchstone:cuda --target cuda --build-arg LIBTORCH=<URL of a CUDA LibTorch zip> .
# docker run --rm -v "$PWD":/work touchstone run cell_03
# docker run --rm --gpus all -v "$PWD":/work touchstone:cuda run --device cuda

FROM debian:12-slim AS cpu-build
WORKDIR /src
COPY bootstrap.sh ./
RUN ./bootstrap.sh packages
COPY . .
RUN ./bootstrap.sh build && cmake --install build/release --prefix /opt/touchstone

FROM nvidia/cuda:12.4.1-cudnn-devel-ubuntu22.04 AS cuda-build
ARG LIBTORCH=https://download.pytorch.org/libtorch/cu124/libtorch-cxx11-abi-shared-with-deps-2.6.0%2Bcu124.zip
RUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
      g++ git cmake ninja-build unzip wget ca-certificates libcxxopts-dev libyaml-cpp-dev libfmt-dev \
      nlohmann-json3-dev libgnuplot-iostream-dev libboost-all-dev \
    && rm -rf /var/lib/apt/lists/*
RUN wget -q "$LIBTORCH" -O /tmp/libtorch.zip && unzip -q /tmp/libtorch.zip -d /opt && rm /tmp/libtorch.zip
WORKDIR /src
COPY . .
RUN cmake -G Ninja -S . -B build -DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH=/opt/libtorch -DTOUCHSTONE_BUILD_TESTS=OFF \
    && cmake --build build && cmake --install build --prefix /opt/touchstone

FROM nvidia/cuda:12.4.1-cudnn-runtime-ubuntu22.04 AS cuda
RUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
      gnuplot-nox fonts-dejavu-core libyaml-cpp0.7 libfmt8 libboost-iostreams1.74.0 libboost-filesystem1.74.0 libgomp1 \
    && rm -rf /var/lib/apt/lists/*
COPY --from=cuda-build /opt/libtorch/lib /opt/libtorch/lib
COPY --from=cuda-build /opt/touchstone /opt/touchstone
ENV LD_LIBRARY_PATH=/opt/libtorch/lib PATH=/opt/touchstone/bin:$PATH
WORKDIR /work
ENTRYPOINT ["touchstone"]

# Last, so that it is what a plain `docker build` makes.
FROM debian:12-slim AS cpu
COPY bootstrap.sh /tmp/
RUN /tmp/bootstrap.sh runtime && rm -rf /tmp/bootstrap.sh /var/lib/apt/lists/*
COPY --from=cpu-build /opt/touchstone /opt/touchstone
ENV PATH=/opt/touchstone/bin:$PATH
WORKDIR /work
ENTRYPOINT ["touchstone"]
