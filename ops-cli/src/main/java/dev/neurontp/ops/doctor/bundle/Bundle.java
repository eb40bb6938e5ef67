package dev.neurontp.ops.doctor.bundle;

import dev.neurontp.harness.archive.TarArchive;
import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.harness.text.Secrets;
import dev.neurontp.ops.doctor.check.Evidence;
import dev.neurontp.ops.doctor.host.HostFiles;
import dev.neurontp.ops.doctor.host.KernelLog;
import dev.neurontp.ops.doctor.probe.Facts;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The files of an archive for a report of a bug, by their names in it. */
public record Bundle(Map<String, byte[]> files) {
    private static final int LONGEST = 256 * 1024;
    private static final List<String> OF_THE_HOST = List.of(
            "/proc/driver/nvidia/version",
            "/proc/driver/nvidia/params",
            "/proc/version",
            "/proc/cmdline",
            "/proc/meminfo",
            "/proc/self/limits",
            "/proc/self/cgroup",
            "/proc/uptime",
            "/etc/os-release",
            "/etc/nccl.conf");

    public Bundle {
        files = Map.copyOf(files);
    }

    /**
     * Gathers what there is.
     *
     * @param versions of this program
     * @param diagnosis as JSON
     * @param pools what the daemons say of their pools
     * @param history what daemons have written down of earlier ones
     */
    public static Bundle of(Evidence evidence, String versions, String diagnosis, String pools, String history) {
        Map<String, byte[]> files = new TreeMap<>();
        put(files, "versions.txt", versions + "\njava " + Runtime.version() + "\n");
        put(files, "doctor.json", diagnosis + "\n");
        put(files, "pools.txt", pools);
        put(files, "history.txt", history);
        put(files, "nvml.txt", lines(evidence.nvml().facts()));
        put(files, "cuda.txt", lines(evidence.cuda().facts()));
        put(files, "environment.txt", Redaction.environment(evidence.host().environment()));
        put(
                files,
                "kernel-log.txt",
                switch (evidence.host().kernelLog()) {
                    case KernelLog.Reading.Lines log ->
                        "lines about the driver, in a log that begins " + Math.round(log.since())
                                + " s after the boot:\n" + Secrets.masked(String.join("\n", log.lines())) + "\n";
                    case KernelLog.Reading.Unreadable unreadable -> "not readable: " + unreadable.reason() + "\n";
                });
        HostFiles host = evidence.host().files();
        OF_THE_HOST.forEach(file -> host.text(file)
                .ifPresent(text -> put(files, "host" + file.replace('/', '-') + ".txt", Secrets.masked(text))));
        put(files, "host-net.txt", String.join("\n", host.names("/sys/class/net")) + "\n");
        return new Bundle(files);
    }

    private static void put(Map<String, byte[]> files, String name, String text) {
        files.put(name, ForeignText.lines(text, LONGEST).getBytes(StandardCharsets.UTF_8));
    }

    private static String lines(Facts facts) {
        StringBuilder lines = new StringBuilder();
        new TreeMap<>(facts.values())
                .forEach((key, value) ->
                        lines.append(key).append('=').append(value).append('\n'));
        return lines.toString();
    }

    /** Name and size of each file, for a person to read before it is written. */
    public List<String> listing() {
        return new TreeMap<>(files)
                .entrySet().stream()
                        .map(file -> file.getKey() + ", " + file.getValue().length + " bytes")
                        .toList();
    }

    /**
     * Writes the archive whole or not at all, for its owner alone.
     *
     * @param replace whether a file of that name may be replaced
     * @throws FileAlreadyExistsException when there is one and it may not
     */
    public void write(Path file, boolean replace) throws IOException {
        if (!replace && Files.exists(file)) {
            throw new FileAlreadyExistsException(file.toString());
        }
        Path archive = Files.exists(file) ? file.toRealPath() : file;
        Map<String, byte[]> named = new LinkedHashMap<>();
        new TreeMap<>(files).forEach((name, bytes) -> named.put("tpctl-doctor/" + name, bytes));
        byte[] bytes = TarArchive.of(named, Instant.now().getEpochSecond());
        Path next = archive.resolveSibling(
                "." + archive.getFileName() + "." + ProcessHandle.current().pid() + ".new");
        Files.deleteIfExists(next);
        try {
            try (var channel = Files.newByteChannel(
                            next,
                            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                    var out = Channels.newOutputStream(channel)) {
                out.write(bytes);
            }
            if (replace) {
                Files.move(next, archive, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } else {
                create(archive, next);
            }
        } finally {
            Files.deleteIfExists(next);
        }
    }

    /** Fails where another process was faster; on a file system without hard links only where that was not in the same moment. */
    private static void create(Path archive, Path next) throws IOException {
        try {
            Files.createLink(archive, next);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (FileSystemException | UnsupportedOperationException _) {
            Files.move(next, archive);
        }
    }
}
