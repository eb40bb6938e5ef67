# How this project's scripts install what they want on Debian, and no program itself. POSIX sh. Nothing goes to stdout.

can_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

# apt_install PACKAGE: with the package list that is there, else with a new one. Fails when neither does it.
apt_install() {
    apt-get -qq -o DPkg::Lock::Timeout=120 install -y --no-install-recommends "$1" >/dev/null ||
        { apt-get -qq update >/dev/null && apt-get -qq install -y --no-install-recommends "$1" >/dev/null; }
}
