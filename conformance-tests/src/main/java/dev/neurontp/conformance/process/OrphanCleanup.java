package dev.neurontp.conformance.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The processes that a worker leaves behind: those of the session that was made for it. */
final class OrphanCleanup {

    private static final Path PROC = Path.of("/proc");

    private OrphanCleanup() {}

    /** Kills every process of this session. */
    static void kill(long session) {
        for (long pid : ofSession(session)) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    /** The pids in this session, its leader's own too while it lives. */
    static List<Long> ofSession(long session) {
        List<Long> pids = new ArrayList<>();
        if (!Files.isDirectory(PROC)) {
            return pids;
        }
        try (DirectoryStream<Path> all = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : all) {
                if (sessionOf(process) == session) {
                    pids.add(Long.parseLong(process.getFileName().toString()));
                }
            }
        } catch (IOException e) {
            return pids;
        }
        return pids;
    }

    private static long sessionOf(Path process) {
        try {
            String stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
            String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 5);
            return afterName[0].equals("Z") ? -1 : Long.parseLong(afterName[3]);
        } catch (IOException | RuntimeException e) {
            return -1;
        }
    }
}
