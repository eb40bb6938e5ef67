package dev.neurontp.harness.pool;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A worker that answers pings without ever reading one: it looks how much the pipe holds. The pipe fills up. */
final class UnreadingWorker {
    private UnreadingWorker() {}

    public static void main(String[] args) throws IOException {
        List<String> words = List.of(args);
        String pong = "{\"op\":\"pong\",\"rank\":%s,\"world_size\":%s,\"cuda_device\":%s}\n"
                .formatted(after(words, "--rank"), after(words, "--tp-size"), after(words, "--cuda-device"));
        byte[] line = pong.getBytes(StandardCharsets.UTF_8);
        PrintStream out = System.out;
        int seen = 0;
        while (true) {
            int now = System.in.available();
            if (now > seen) {
                seen = now;
                out.write(line);
                out.flush();
            }
            Thread.onSpinWait();
        }
    }

    private static String after(List<String> words, String option) {
        return words.get(words.indexOf(option) + 1);
    }
}
