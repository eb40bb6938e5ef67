import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/** Starts two programs in turn, so that both meet the same noise, and prints medians and quartiles. Not part of the build. */
final class WorkerStart {
    private static final byte[] PING = "{\"op\":\"ping\"}\n".getBytes(StandardCharsets.UTF_8);
    private static final int WARM_UP_ROUNDS = 5;

    public static void main(String[] arguments) throws Exception {
        int rounds = Integer.parseInt(arguments[0]);
        String[] names = {"worker", "echo"};
        double[][] millis = new double[2][rounds];
        double[][] megabytes = new double[2][rounds];
        double[][] own = new double[2][rounds];
        for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
            for (int which = 0; which < 2; which++) {
                double[] seen = start(arguments[1 + which]);
                if (round >= 0) {
                    millis[which][round] = seen[0];
                    megabytes[which][round] = seen[1];
                    own[which][round] = seen[2];
                }
            }
        }
        System.out.printf(
                "%-8s %28s %14s %20s%n",
                rounds + " runs", "spawn to first reply, ms", "RSS, MiB", "of it anonymous, MiB");
        for (int which = 0; which < 2; which++) {
            System.out.printf(
                    Locale.ROOT,
                    "%-8s %8.1f (quartiles %.1f-%.1f) %12.1f %20.1f%n",
                    names[which],
                    at(millis[which], 0.5),
                    at(millis[which], 0.25),
                    at(millis[which], 0.75),
                    at(megabytes[which], 0.5),
                    at(own[which], 0.5));
        }
        System.out.printf(Locale.ROOT, "worker / echo: %.2f%n", at(millis[0], 0.5) / at(millis[1], 0.5));
        System.out.printf(
                "%d cores, %s %s, JDK %s%n",
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                Runtime.version());
    }

    private static double[] start(String program) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(program, "--worker", "--rank", "1", "--tp-size", "2");
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        long begin = System.nanoTime();
        Process process = builder.start();
        OutputStream in = process.getOutputStream();
        in.write(PING);
        in.flush();
        BufferedReader out = process.inputReader();
        String reply = out.readLine();
        double millis = (System.nanoTime() - begin) / 1e6;
        if (reply == null || !reply.startsWith("{\"op\":\"p")) {
            throw new IOException(program + " answered " + reply);
        }
        double[] seen = {millis, memory(process, "VmRSS:"), memory(process, "RssAnon:")};
        in.close();
        if (process.waitFor() != 0) {
            throw new IOException(program + " exited with " + process.exitValue());
        }
        return seen;
    }

    private static double memory(Process process, String field) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
            if (line.startsWith(field)) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024.0;
            }
        }
        return 0;
    }

    private static double at(double[] values, double quantile) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.round(quantile * (sorted.length - 1))];
    }
}
