#!/usr/bin/env bash
# Makes sure that what the build needs from the system is there, and with the word "test" what the tests need besides: installs
# what is missing with apt, or says what to install.
set -euo pipefail

missing=()
need() { # a Debian package, and a test that succeeds where it, or its like, is already there
  local package=$1
  shift
  "$@" >/dev/null 2>&1 || missing+=("$package")
}
has_header() { echo "#include <$1>" | g++ -x c++ -E - -o /dev/null; }
has_node_headers() { # Debian packs them apart from its own Node; any other brings or fetches them
  [ ! -e /etc/debian_version ] || [ "$(readlink -f "$(command -v node)")" != /usr/bin/node ] || [ -e /usr/include/node/node.h ]
}
has_libtorch() { node packages/torch/scripts/hasLibtorch.mjs; }
has_font() { # titles of pictures are drawn with whatever there is
  find -L /usr/share/fonts /usr/local/share/fonts /System/Library/Fonts "${HOME:-/}/.fonts" -name "*.[to]t[fc]" -print -quit 2>/dev/null | grep -q .
}
has_chromium() { # a browser that playwright-core can drive
  [ -x "${CHROMIUM:-}" ] || command -v chromium || command -v chromium-browser || command -v google-chrome || [ -e "/Applications/Google Chrome.app" ]
}
has_fast_blas() { # any BLAS but the reference one; only Debian's libtorch uses the system's
  [ ! -e /usr/include/ATen/ATen.h ] || [ ! -e /etc/debian_version ] || readlink -f /usr/lib/*/libblas.so.3 | grep -qv '/blas/libblas'
}

if ! node -e 'const [major, minor] = process.versions.node.split(".").map(Number); process.exit(major > 20 || (major === 20 && minor >= 17) ? 0 : 1)' 2>/dev/null; then
  echo "Node.js 20.17 or newer is needed, found: $(node --version 2>/dev/null || echo none). See https://nodejs.org/en/download" >&2
  exit 1
fi

# A wrong LIBTORCH is said at once: no package would mend it.
[ -z "${LIBTORCH:-}" ] || has_libtorch >/dev/null || exit 1

need g++ command -v g++
need make command -v make
need npm command -v npm
need python3 command -v python3
need libnode-dev has_node_headers
need libtorch-dev has_libtorch
[[ " ${missing[*]} " == *" libtorch-dev "* ]] && missing+=(libopenblas0-openmp) || need libopenblas0-openmp has_fast_blas
need libdlib-dev has_header dlib/image_processing.h
need libdlib-data test -e "${DUCHENNE_LANDMARK_MODEL:-/usr/share/dlib/shape_predictor_68_face_landmarks.dat}" -o -e /usr/share/dlib/shape_predictor_68_face_landmarks.dat.bz2
need fonts-dejavu-core has_font
[ "${1:-}" != test ] || need chromium has_chromium
[ "${1:-}" != test ] || need ffmpeg command -v ffmpeg # videos are read by the program as well as in the process
[ ${#missing[@]} -gt 0 ] || exit 0

explain() {
  cat >&2 <<EOF
Missing: ${missing[*]}
Install them and run make again:
  Debian, Ubuntu  sudo apt-get install --no-install-recommends ${missing[*]}
  Fedora          sudo dnf install gcc-c++ make python3 python3-torch-devel openblas-openmp dlib-devel dejavu-sans-fonts chromium ffmpeg-free
  macOS           xcode-select --install; brew install pytorch dlib ffmpeg; brew install --cask google-chrome
libtorch may also come from a Python (pip install torch), or from an unpacked archive named in LIBTORCH.
The landmark model may also be named in DUCHENNE_LANDMARK_MODEL.
EOF
  exit 1
}

command -v apt-get >/dev/null || explain
if [ "$(id -u)" -eq 0 ]; then
  sudo=()
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
  sudo=(sudo)
else
  explain
fi
echo "installing ${missing[*]}" >&2
"${sudo[@]}" apt-get update -qq || explain
"${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null || explain
