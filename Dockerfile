# The gateway and its tools, as docker-compose.yml uses them.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build && npm prune --omit=dev --no-audit --no-fund

FROM node:24-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY --from=build /app/libs/contracts ./libs/contracts
COPY --from=build /app/reference ./reference
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
CMD ["node", "dist/apps/gateway/main.js"]
