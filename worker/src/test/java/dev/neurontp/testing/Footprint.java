package dev.neurontp.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What a process holds, from outside, over time. */
public final class Footprint {
    private static final double FLAT = 1.15;
    private static final int PARTS = 10;

    private final Path process;
    private final List<Sample> samples = new ArrayList<>();

    public Footprint(long pid) {
        process = Path.of("/proc", Long.toString(pid));
    }

    public static Footprint ofThisProcess() {
        return new Footprint(ProcessHandle.current().pid());
    }

    /** One look. */
    public record Sample(long residentMib, long descriptors, long sockets, long threads) {
        @Override
        public String toString() {
            return residentMib + " MiB resident, " + descriptors + " descriptors, " + threads + " threads";
        }
    }

    public Sample look() throws IOException {
        String status = Files.readString(process.resolve("status"));
        List<String> open = open();
        return new Sample(
                number(status, "VmRSS:\\s+(\\d+) kB") / 1024,
                open.size(),
                open.stream().filter(target -> target.startsWith("socket:")).count(),
                number(status, "Threads:\\s+(\\d+)"));
    }

    /** Looks and keeps what it saw. */
    public void sample() throws IOException {
        samples.add(look());
    }

    private List<String> open() throws IOException {
        List<String> targets = new ArrayList<>();
        try (Stream<Path> files = Files.list(process.resolve("fd"))) {
            for (Path file : files.toList()) {
                try {
                    targets.add(Files.readSymbolicLink(file).toString());
                } catch (IOException _) {
                    // Closed meanwhile.
                }
            }
        }
        return targets;
    }

    private static long number(String text, String pattern) throws IOException {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) {
            throw new IOException("no " + pattern + " in " + text);
        }
        return Long.parseLong(matcher.group(1));
    }

    /** The highest residence of each tenth of the run. */
    public List<Long> tenths() {
        return IntStream.range(0, PARTS)
                .mapToObj(part -> part(part, PARTS))
                .filter(part -> !part.isEmpty())
                .map(Collections::max)
                .toList();
    }

    /** The last quarter of the run holds no more than the first but one, but for the noise of a garbage collector. */
    public void requireFlat() {
        assertThat(median(part(3, 4))).as("resident MiB: " + tenths()).isLessThan(FLAT * median(part(1, 4)));
    }

    private List<Long> part(int part, int of) {
        int size = samples.size();
        return samples.subList(size * part / of, size * (part + 1) / of).stream()
                .map(Sample::residentMib)
                .toList();
    }

    private static double median(List<Long> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
