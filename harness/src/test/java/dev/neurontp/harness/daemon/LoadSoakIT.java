package dev.neurontp.harness.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A daemon under wrk for {@code load.seconds} (600 by default): half of it listing pools, half of it pinging one. Prints
 * wrk's words for docs/benchmarks.md; no speed is asserted, only that every answer is a success and memory stays flat.
 */
@Tag("soak")
class LoadSoakIT {
    private static final int SECONDS = Integer.getInteger("load.seconds", 600);
    private static final int SAMPLE_SECONDS = 2;
    private static final double FLAT = 1.25;

    @TempDir
    private Path folder;

    private final List<Long> residentKib = new ArrayList<>();

    @Test
    void listingAndPingingLoseNothingAndMemoryStaysFlat() throws Exception {
        assumeTrue(onPath("wrk"), "there is no wrk: apt-get install wrk");
        try (NeuronProcess daemon = NeuronProcess.listening(folder, Map.of())) {
            daemon.pool(List.of());
            String id = daemon.send("GET", "/pools", "")
                    .json()
                    .get("pools")
                    .get(0)
                    .get("id")
                    .asString();

            load(daemon, "GET", "/pools", 32);
            load(daemon, "POST", "/pools/" + id + "/ping?wait=10s", 8);

            System.out.println("resident, KiB, every " + SAMPLE_SECONDS + " s: " + residentKib);
            int warm = residentKib.size() / 4;
            assertThat(Collections.max(residentKib.subList(warm, residentKib.size())))
                    .isLessThan((long) (FLAT * Collections.max(residentKib.subList(0, warm))));
        }
    }

    private void load(NeuronProcess daemon, String method, String path, int connections) throws Exception {
        // In a file of the test's own: a token stands on no command line.
        Path script = Files.writeString(
                folder.resolve("request.lua"),
                "wrk.method = '" + method + "'\nwrk.headers['Authorization'] = 'Bearer " + daemon.token() + "'\n"
                        + "wrk.headers['Content-Type'] = 'application/json'\n");
        Path output = folder.resolve("wrk.txt");
        String url = daemon.stdout.getFirst().substring("url=".length()) + path;
        Process wrk = new ProcessBuilder(
                        "wrk",
                        "--latency",
                        "-t1",
                        "-c" + connections,
                        "-d" + SECONDS / 2 + "s",
                        "-s",
                        script.toString(),
                        url)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            while (!wrk.waitFor(SAMPLE_SECONDS, TimeUnit.SECONDS)) {
                residentKib.add(resident(daemon.process.pid()));
            }
        } finally {
            wrk.destroyForcibly();
        }
        String said = Files.readString(output);
        System.out.println(method + " " + path.replaceFirst("/pools/[^/]+", "/pools/ID") + "\n" + said);
        assertThat(wrk.exitValue()).isZero();
        assertThat(said).contains("Requests/sec").doesNotContain("Non-2xx").doesNotContain("Socket errors");
    }

    private static long resident(long pid) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .map(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static boolean onPath(String program) {
        return Stream.of(System.getenv("PATH").split(":")).anyMatch(dir -> Files.isExecutable(Path.of(dir, program)));
    }
}
