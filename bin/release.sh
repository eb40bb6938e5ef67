# What a folder that runs without a JDK is made of. For bin/package and gpu-tests/src/folder/make-folder, which set
# neurontp_root (the checkout) and neurontp_java_home (a JDK).

# The architectures that there are packages for: sets platform, and loader to the file of glibc that starts a program there.
read_platform() {
    case $(uname -m) in
    x86_64) platform=linux-x64 loader=/lib64/ld-linux-x86-64.so.2 ;;
    aarch64) platform=linux-aarch64 loader=/lib/ld-linux-aarch64.so.1 ;;
    *) fail "there is no package for the architecture $(uname -m): x86_64 and aarch64 only" ;;
    esac
}

# lay_runtime FOLDER: a Java runtime of what the jars and the tests use: java.logging is JCuda's, java.management the pool's,
# jdk.unsupported the signals'. The launchers find it by its file loader, and tell by it whether it can start on a host. Its classes
# are not compressed, since the folder is, as a whole.
lay_runtime() {
    "$neurontp_java_home/bin/jlink" --output "$1/runtime" --strip-debug --no-header-files --no-man-pages --compress=zip-0 --generate-cds-archive \
        --add-modules java.base,java.logging,java.management,java.naming,java.net.http,java.xml,jdk.httpserver,jdk.management,jdk.net,jdk.unsupported
    # The class archive of a JVM with a heap of over 32 GB.
    rm -f "$1/runtime/lib/server/classes_nocoops.jsa"
    printf '%s\n' "$loader" >"$1/runtime/loader"
}

# lay_programs FOLDER: the launchers, the jars, JCuda's native library. What neuron has is not packed twice: for tpctl and
# workers its jars are links.
lay_programs() {
    mkdir -p "$1/bin" "$1/worker/target/app" "$1/harness/target/app" "$1/ops-cli/target/app"
    cp "$neurontp_root/bin/neuron" "$neurontp_root/bin/tpctl" "$neurontp_root/bin/ci-judge" "$neurontp_root/bin/common.sh" "$neurontp_root/bin/heap-full" "$1/bin"
    for app in worker harness ops-cli; do cp -R "$neurontp_root/$app/target/app/lib" "$1/$app/target/app"; done
    cp -R "$neurontp_root/worker/target/app/native" "$1/worker/target/app"
    for jar in "$1"/harness/target/app/lib/*.jar; do
        for app in worker ops-cli; do
            other=$1/$app/target/app/lib/${jar##*/}
            ! cmp -s "$jar" "$other" 2>/dev/null || ln -sf "../../../../harness/target/app/lib/${jar##*/}" "$other"
        done
    done
}

# take_cache_makers FROM TO: what makes the AOT caches of a folder that was laid here, as FROM (the checkout) does.
take_cache_makers() {
    mkdir -p "$2/bin"
    cp "$1/bin/build.sh" "$2/bin"
    for module in worker harness ops-cli; do
        mkdir -p "$2/$module/src/build"
        cp "$1/$module/src/build/make-app" "$2/$module/src/build"
    done
}
