# Each target sets up what it needs, system packages included, and skips what is done.
.PHONY: build test test-install test-processors check campaign docs bench demo setup native clean

bin := node_modules/.bin
# Of itself it leaves one processor to other work: of two, half.
vitest := $(bin)/vitest --maxWorkers=100%

build: setup node_modules/.package-lock.json native
	$(bin)/tsc -b tsconfig.build.json
	@node packages/predict/scripts/copyWasm.mjs
	@$(MAKE) --no-print-directory apps/studio/dist/index.html

# The studio's pages; the packages' sources are among what they are built of.
apps/studio/dist/index.html: $(shell find apps/studio packages/predict/src packages/crop/src -type f -not -path "*/dist/*" -not -path "*/node_modules/*" 2>/dev/null)
	npm run --silent build -w apps/studio -- --logLevel warn
	@touch $@

test: build
	@scripts/setup.sh test
	$(vitest) run

# What a user gets: packed, installed in an empty folder, and used. Another Node: make test-install node=22
test-install: build
	@scripts/setup.sh test
	$(bin)/tsx --conditions=source scripts/testInstall.ts $(if $(node),--node $(node))

# The tests of bits and the golden ones with other processors' kernels, as far as this one can emulate them.
test-processors: build
	@scripts/setup.sh test
	node scripts/testProcessors.mjs

# Types, lint, format, the house (scripts/checks/rules.ts), doc comments, links, and the tests that take seconds: slower ones are named *.slow.test.ts.
check: build
	$(bin)/tsc -p tsconfig.json
	$(bin)/tsc -p apps/studio
	$(bin)/biome ci .
	npm run --silent check:sources
	npm run --silent check:docs
	$(vitest) run --exclude "**/*.slow.test.ts"

# The hardening campaign, small: damaged files for every reader, and commands killed at their writes (docs/reliability.md).
campaign: build
	$(bin)/tsx --conditions=source scripts/hardening/mutations.ts --count 20000 --guided 200
	$(bin)/tsx --conditions=source scripts/hardening/killAtWrites.ts --only prepare,remove,merge --points 3
	$(bin)/tsx --conditions=source scripts/hardening/killAtWrites.ts --only export --points 2 --drop

# The API reference and the guides, in docs/reference/dist.
docs: build
	npm run --silent docs

# All benchmarks; one of them: npm run bench -- <name>
bench: build
	npm run --silent bench

# From nothing to a table of what was learned without labels.
demo: build
	node packages/duchenne/bin/duchenne.js demo --out demo

setup:
	@scripts/setup.sh

native:
	@node packages/torch/scripts/build.mjs
	@node packages/face/scripts/build.mjs

node_modules/.package-lock.json: package-lock.json
	npm ci --no-fund --no-audit
	@touch $@

clean:
	rm -rf packages/*/dist packages/*/build packages/*/prebuilt apps/*/dist packages/*/*.tsbuildinfo tsconfig.build.tsbuildinfo node_modules
