package dev.neurontp.gpu;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A root with a shell and the C library and nothing else: no Java, no other program, no network but the loopback interface. The
 * folder and the stand-in are in it, for reading only; what is written goes to {@code /out}.
 */
record BareRoot(Path root) {
    static final String FOLDER = "/a folder";
    static final String SIM = "/sim";
    static final String OUT = "/out";

    /** Reads the folder's own libraries to learn what they want of the host. */
    static BareRoot create(Path root, Path folder) throws IOException, InterruptedException {
        for (String name : List.of("bin", "proc", "dev/shm", "sys", "tmp", OUT, FOLDER, SIM)) {
            Files.createDirectories(root.resolve(name.startsWith("/") ? name.substring(1) : name));
        }
        for (String device : List.of("null", "zero", "random", "urandom")) {
            Files.createFile(root.resolve("dev").resolve(device));
        }
        Files.createSymbolicLink(root.resolve("dev/fd"), Path.of("/proc/self/fd"));
        copy(Path.of("/bin/sh").toRealPath(), root.resolve("bin/sh"));
        TreeSet<String> libraries = new TreeSet<>(librariesOf(Path.of("/bin/sh")));
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(file -> file.toString().contains(".so") || file.endsWith("runtime/bin/java"))
                    .toList()) {
                libraries.addAll(librariesOf(file));
            }
        }
        for (String library : libraries) {
            Path target = root.resolve(library.substring(1));
            Files.createDirectories(target.getParent());
            copy(Path.of(library), target);
        }
        return new BareRoot(root);
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.copy(from, to);
    }

    /** The host's libraries that the loader finds for a file. */
    private static List<String> librariesOf(Path file) throws IOException, InterruptedException {
        Process ldd = new ProcessBuilder("ldd", file.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(ldd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        ldd.waitFor();
        return Stream.of(said.split("\\s+", -1))
                .filter(word -> word.matches("/(usr/)?lib(64)?/.*\\.so.*"))
                .toList();
    }

    /** A command line that runs {@code command} in it, on a host with two GPUs, in namespaces of its own for mounts and network. */
    List<String> command(Path folder, Path sim, List<String> command) {
        String mounts = """
                set -eu
                cd "$1"
                mount --bind "$2" ".%1$s"
                mount -o remount,bind,ro ".%1$s"
                mount --bind "$3" .%2$s
                for device in null zero random urandom; do mount --bind /dev/$device dev/$device; done
                mount -t proc proc proc
                mount -t tmpfs tmpfs dev/shm
                ! command -v ip >/dev/null || ip link set lo up
                shift 3
                exec env -i NEURONTP_SIM=%2$s NEURONTP_SIM_DEVICES=2 PATH= "$(command -v chroot)" . "$@"
                """.formatted(FOLDER, SIM);
        List<String> all = new ArrayList<>(List.of(
                "unshare",
                "--mount",
                "--net",
                "sh",
                "-c",
                mounts,
                "sh",
                root.toString(),
                folder.toString(),
                sim.toString()));
        all.addAll(command);
        return all;
    }

    Path out() {
        return root.resolve(OUT.substring(1));
    }
}
