# Shared by bin/run, bin/test and bin/check: makes .venv and node_modules when their lists have changed. Sourced, not run.

cd "$(dirname "${BASH_SOURCE[0]}")/.."
unset PYTHONDONTWRITEBYTECODE   # a second start reads compiled files
export PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONUTF8=1 NPM_CONFIG_UPDATE_NOTIFIER=false

stop() { printf '%s\n' "$*" >&2; exit 1; }

# The hash of files' contents and names: a step is done again only when what it reads has changed.
hash_of() { { find "$@" -type f ! -name '*.mo' -print 2>/dev/null || true; } | LC_ALL=C sort | tr '\n' '\0' | xargs -0 cksum | cksum; }

find_python() {
  local name
  for name in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11 python; do
    if command -v "$name" >/dev/null && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$name"
      return
    fi
  done
  stop '没有找到 Python 3.11 或更新版本，请先安装（Debian：apt-get install python3 python3-venv）'
}

# ensure_python LIST...: .venv holds exactly what the lists pin.
ensure_python() {
  local list want
  if [ ! -x .venv/bin/python ]; then
    echo '正在建立 Python 环境……'
    "$(find_python)" -m venv .venv || stop '建不了 Python 环境，请先安装 venv（Debian：apt-get install python3-venv）'
  fi
  for list in "$@"; do
    want=$(hash_of "$list")
    if [ "$(cat ".venv/$list.stamp" 2>/dev/null)" != "$want" ]; then
      echo "正在安装 $list……"
      .venv/bin/python -m pip install -qq --require-hashes -r "$list" || stop "安装 $list 失败，请检查网络后再试"
      echo "$want" > ".venv/$list.stamp"
    fi
  done
  export PATH="$PWD/.venv/bin:$PATH" FLASK_APP=wsgi:app
}

# Node 20 or newer from the machine, else from PyPI into .venv.
ensure_node() {
  if ! command -v node >/dev/null || ! command -v npm >/dev/null || [ "$(node -p 'process.versions.node.split(".")[0]')" -lt 20 ]; then
    ensure_python requirements-node.txt
  fi
}

ensure_front_end() {
  local want
  want=$(hash_of package-lock.json)
  if [ "$(cat node_modules/.stamp 2>/dev/null)" != "$want" ]; then
    ensure_node
    echo '正在安装前端组件……'
    npm ci --silent --ignore-scripts --no-audit --no-fund || stop '安装前端组件失败，请检查网络后再试'
    echo "$want" > node_modules/.stamp
  fi
}

ensure_build() {
  local want
  want=$(hash_of static/pwa static/desk webapp/translations bin/build bin/build.mjs bin/words.py package-lock.json)
  if [ "$(cat static/dist/.stamp 2>/dev/null)" != "$want" ]; then
    ensure_node
    echo '正在打包前端……'
    bin/build || stop '打包前端失败'
    echo "$want" > static/dist/.stamp
  fi
}
