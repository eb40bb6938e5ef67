# What an image takes of the host where it is made. For packaging/make-image, after facts.sh.

# take_host_files IMAGE: the shell and the programs that the launchers and the daemon call, the C library, what these and the runtime in
# $folder are linked with, and the licences of their packages.
take_host_files() {
    image_root=$1
    mkdir -p "$1/usr/lib" "$1/usr/lib64"
    for each in bin lib lib64; do ln -s "usr/$each" "$1/$each"; done
    for tool in sh cat env grep readlink setsid sleep stty uname; do
        path=$(command -v "$tool") || fail "there is no $tool, which goes into an image"
        take_host_file "$(readlink -f "$path")" "/usr/bin/$tool"
        take_libraries "$path"
    done
    find "$folder/runtime" "$folder/worker" -type f \( -name '*.so' -o -name java \) >"$staging/linked"
    while read -r each; do take_libraries "$each"; done <"$staging/linked"
}

# take_host_file FILE PLACE: with the licence of its package.
take_host_file() {
    [ ! -e "$image_root$2" ] || return 0
    mkdir -p "$image_root${2%/*}"
    cp "$1" "$image_root$2"
    package=$(dpkg-query -S "$1" "${1#/usr}" 2>/dev/null | sed -n '1s/:.*//p')
    licence=/usr/share/doc/$package/copyright
    [ -n "$package" ] && [ -r "$licence" ] || fail "the licence of $1 is not known: an image can be made on a Debian or Ubuntu with /usr/share/doc"
    mkdir -p "$image_root/usr/share/doc/$package"
    cp "$licence" "$image_root/usr/share/doc/$package"
}

# take_libraries FILE: the libraries of this host that it is linked with, and what starts it.
take_libraries() {
    for library in $(ldd "$1" 2>/dev/null | grep -o '/[^ ]*'); do
        case $library in
        "$folder"/* | *:) ;;
        /usr/*) take_host_file "$(readlink -f "$library")" "$library" ;;
        *) take_host_file "$(readlink -f "$library")" "/usr$library" ;;
        esac
    done
}
