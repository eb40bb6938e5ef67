# What a .deb and a .rpm install. For packaging/make-deb and make-rpm, after facts.sh.

# lay_root ROOT ZSH: the files below ROOT, of the package that open_package opened. ZSH is where zsh looks there. The AOT caches are not
# among them: they differ each time, and are made on the host (packaging/installed/setup).
lay_root() {
    lib=$1/usr/lib/$name share=$1/usr/share doc=$1/usr/share/doc/$name
    mkdir -p "$lib/dist" "$lib/caches" "$1/usr/bin" "$1/etc/$name" "$1/usr/lib/systemd/system" "$share/man/man1" "$share/$2" "$doc"
    lay_settings "$1/etc/$name/neuron.toml"
    for part in bin runtime worker harness ops-cli; do mv "$folder/$part" "$lib/dist"; done
    find "$lib/dist" -name '*.aot' -delete
    # Nobody starts a library.
    find "$lib/dist" -name '*.so' -exec chmod 0644 {} +
    # By version and content, so that one can be laid beside another of the same version.
    sums=$(cd "$lib/dist" && find . -type f -exec sha256sum {} + | LC_ALL=C sort -k 2 | sha256sum)
    printf '%s-%.8s\n' "$version" "$sums" >"$lib/dist/version"
    cp "$neurontp_root/packaging/installed/setup" "$lib"
    take_cache_makers "$neurontp_root" "$lib/caches"
    for command in tpctl neuron; do ln -s "../lib/$name/current/bin/$command" "$1/usr/bin/$command"; done
    sed "s:/opt/$name/bin/:/usr/lib/$name/current/bin/:" "$neurontp_root/packaging/neuron.service" >"$1/usr/lib/systemd/system/neuron.service"
    cp "$folder"/share/man/man1/* "$share/man/man1"
    gzip -9n "$share"/man/man1/*
    cp -R "$folder/share/bash-completion" "$folder/share/fish" "$share"
    cp "$folder/share/zsh/site-functions/_tpctl" "$share/$2"
    cp -R "$folder/docs" "$folder/licenses" "$folder/README.md" "$folder/sbom.cdx.json" "$doc"
    sed -i "s:\.\./runtime/legal:/usr/lib/$name/dist/runtime/legal:" "$doc/licenses/README.md"
    chmod -R u=rwX,go=rX "$1"
    chmod 0755 "$lib/setup" "$lib"/caches/*/src/build/make-app
    find "$1" -exec touch -h -d "@$time" {} +
}

# lay_settings FILE: all settings of the daemon with their defaults, as comments.
lay_settings() {
    cat >"$1" <<'END'
# Settings of the daemon of a node, neuron(1). Below are all of them with their defaults: take the # away to change one.
# /usr/share/doc/neurontp/docs/operating.md explains them. systemctl reload neuron takes most of them without a restart.
END
    settings=$(env -i PATH="$PATH" "$folder/bin/neuron" --print-config) || fail "$folder/bin/neuron did not print its settings"
    printf '%s\n' "$settings" | sed 's/ *# default$//; s/^/# /' >>"$1"
}
