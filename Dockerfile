# storeloop as a container. What it needs from the host (serial lines, PC/SC, network) is in docs/docker.md.
# No Docker engine was at hand when this was written: scripts/check-image carries out these steps in a Debian root instead.

# ---- Packages: native add-ons are compiled here, with the same script that sets up a checkout.
FROM node:24-bookworm-slim AS packages
WORKDIR /opt/storeloop
# The headers of the image's own Node.js; without this node-gyp would download them.
ENV npm_config_nodedir=/usr/local
COPY package.json package-lock.json ./
COPY scripts/setup scripts/setup
RUN sh scripts/setup image

# ---- The image: no compiler, no root.
FROM node:24-bookworm-slim
RUN apt-get update \
  && apt-get install -y --no-install-recommends libpcsclite1 libudev1 libusb-1.0-0 \
  && rm -rf /var/lib/apt/lists/*
# The number is fixed so that the host can name it: in a polkit rule for the card readers, as the owner of a mounted folder.
RUN groupadd --gid 9100 storeloop \
  && useradd --uid 9100 --gid storeloop --groups dialout --home-dir /var/lib/storeloop --no-create-home --shell /usr/sbin/nologin storeloop \
  && install -d -o storeloop -g storeloop -m 0750 /var/lib/storeloop \
  && install -d -m 0755 /etc/storeloop \
  && ln -s /opt/storeloop/scripts/storeloop /usr/local/bin/storeloop
WORKDIR /opt/storeloop
COPY --from=packages /opt/storeloop/node_modules node_modules
COPY package.json ./
COPY scripts/node scripts/storeloop scripts/
COPY config config
COPY agent agent
COPY drivers drivers
COPY sync sync
ENV NODE_ENV=production
USER storeloop
VOLUME /var/lib/storeloop
EXPOSE 9100
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 CMD ["storeloop", "status", "--config", "/etc/storeloop/storeloop.yaml"]
ENTRYPOINT ["storeloop"]
CMD ["run", "--config", "/etc/storeloop/storeloop.yaml"]
