package dev.neurontp.conformance.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Reads from /proc what processes take. */
final class UsageReader {

    private static final int KIB = 1024;

    private UsageReader() {}

    /** All of these together; those that have ended meanwhile count for nothing. */
    static Usage of(List<RunningProcesses.Found> processes) {
        return processes.stream().map(found -> of(found.pid())).reduce(Usage.NONE, Usage::plus);
    }

    private static Usage of(long pid) {
        Path process = RunningProcesses.folder(pid);
        try (Stream<Path> open = Files.list(process.resolve("fd"))) {
            List<String> status = Files.readAllLines(process.resolve("status"));
            long descriptors = open.count();
            return new Usage(
                    number(status, "VmRSS:") * KIB,
                    descriptors,
                    number(status, "Threads:"),
                    descriptors * 10 >= limit(process) * 9);
        } catch (IOException | RuntimeException e) {
            return Usage.NONE;
        }
    }

    private static long number(List<String> lines, String name) {
        return lines.stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).strip().split(" ", 2)[0])
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElse(0);
    }

    private static long limit(Path process) throws IOException {
        return Files.readAllLines(process.resolve("limits")).stream()
                .filter(line -> line.startsWith("Max open files"))
                .map(line -> line.substring("Max open files".length()).strip().split(" ", 2)[0])
                .filter(soft -> !soft.equals("unlimited"))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElse(Long.MAX_VALUE / 10);
    }
}
