package dev.neurontp.harness.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The load generator wrk against one daemon. */
final class Wrk {
    private static final int LOOK_SECONDS = 1;

    private final Path folder;
    private final String url;
    private final String token;

    Wrk(Path folder, String url, String token) {
        this.folder = folder;
        this.url = url;
        this.token = token;
    }

    static boolean isThere() {
        return Stream.of(System.getenv("PATH").split(":", -1))
                .anyMatch(dir -> !dir.isEmpty() && Files.isExecutable(Path.of(dir, "wrk")));
    }

    /** Something to do now and then while it runs. */
    @FunctionalInterface
    interface Meanwhile {
        void look() throws IOException;
    }

    /**
     * What it said.
     *
     * @param lost its words of answers that were no success or never came
     */
    record Result(String perSecond, String p50, String p99, String requests, int connections, List<String> lost) {
        @Override
        public String toString() {
            return perSecond + " a second, p50 " + p50 + ", p99 " + p99 + ", " + requests + " in all, " + connections
                    + " connections" + (lost.isEmpty() ? "" : ", LOST: " + lost);
        }
    }

    /** Asks as fast as answers come, on so many connections, for so long. */
    Result run(String method, String path, int connections, int seconds, Meanwhile meanwhile)
            throws IOException, InterruptedException {
        // In a file of the test's own: a token stands on no command line.
        Path script = Files.writeString(
                folder.resolve("request.lua"),
                "wrk.method = '" + method + "'\nwrk.headers['Authorization'] = 'Bearer " + token + "'\n");
        Path output = folder.resolve("wrk.txt");
        Process wrk = new ProcessBuilder(
                        "wrk",
                        "--latency",
                        "-t1",
                        "-c" + connections,
                        "-d" + seconds + "s",
                        "--timeout",
                        "20s",
                        "-s",
                        script.toString(),
                        url + path)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            while (!wrk.waitFor(LOOK_SECONDS, TimeUnit.SECONDS)) {
                meanwhile.look();
            }
        } finally {
            wrk.destroyForcibly();
        }
        String said = Files.readString(output);
        if (wrk.exitValue() != 0) {
            throw new IOException("wrk failed: " + said);
        }
        return result(said, connections);
    }

    private static Result result(String said, int connections) throws IOException {
        List<String> lost = new ArrayList<>();
        said.lines()
                .filter(line -> line.contains("Non-2xx") || line.contains("Socket errors"))
                .forEach(line -> lost.add(line.strip()));
        return new Result(
                find(said, "Requests/sec:\\s+(\\S+)"),
                find(said, "50%\\s+(\\S+)"),
                find(said, "99%\\s+(\\S+)"),
                find(said, "(\\d+) requests in"),
                connections,
                lost);
    }

    private static String find(String said, String pattern) throws IOException {
        Matcher matcher = Pattern.compile(pattern).matcher(said);
        if (!matcher.find()) {
            throw new IOException("wrk did not say " + pattern + ": " + said);
        }
        return matcher.group(1);
    }
}
