package dev.neurontp.harness.preflight;

import dev.neurontp.harness.daemon.device.GpuCount;
import dev.neurontp.harness.process.BoundedAccess;
import dev.neurontp.harness.process.LeaderMark;
import dev.neurontp.harness.time.Durations;
import dev.neurontp.worker.Versions;
import dev.neurontp.worker.WireStdout;
import dev.neurontp.worker.comm.HostFacts;
import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.ExitCode;
import dev.neurontp.worker.os.StandardInput;
import dev.neurontp.worker.os.Stderr;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** The program behind {@code neuron --preflight}: says what its host is, and starts nothing that stays. */
public final class PreflightMain {
    static final String HELP = """
            Says what this host is, for tpctl preflight: one line of JSON on stdout, with the first line of stdin in it.

              neuron --preflight

            Exit: 0; 1 the line could not be written; 2 wrong usage; 3 what runs on this host cannot be seen.
            """;

    private static final Duration STDIN = Duration.ofSeconds(5);
    private static final Duration GPUS = Duration.ofSeconds(10);
    /** With the others less than whoever asks waits for all of it. */
    private static final Duration LEFTOVERS = Duration.ofSeconds(4);

    private static final int LONGEST_LINE = 64;

    private PreflightMain() {}

    /** Runs and exits the process. */
    public static void main(String[] arguments) throws InterruptedException {
        System.setOut(System.err);
        int code = run(arguments);
        Stderr.flush();
        Runtime.getRuntime().halt(code);
    }

    private static int run(String[] arguments) throws InterruptedException {
        if (arguments.length != 1) {
            Stderr.say(
                    List.of(arguments).contains("--help")
                            ? HELP.stripTrailing()
                            : "neuron: --preflight takes no other argument");
            return List.of(arguments).contains("--help") ? ExitCode.OK : ExitCode.USAGE;
        }
        AtomicReference<String> heard = new AtomicReference<>("");
        InputStream in = new StandardInput();
        DaemonThread.runWithin(STDIN, "stdin", () -> heard.set(firstLine(in)));
        Stderr.say(HostReport.HEARD + heard.get());
        GpuCount gpus = GpuCount.here(GPUS, System.getenv());
        List<LeaderMark.Marked> marked = List.of();
        String unseen = "";
        try {
            marked = BoundedAccess.call(LEFTOVERS, LeaderMark::all);
        } catch (BoundedAccess.NoAnswerException _) {
            unseen = "a process there did not let its environment be read within " + Durations.time(LEFTOVERS)
                    + ": it hangs in a driver, or the host is very busy";
        } catch (IOException e) {
            Stderr.say("neuron: what runs on this host cannot be seen: " + e.getMessage());
            return ExitCode.COULD_NOT_RUN;
        }
        HostReport report = new HostReport(
                HostReport.VERSION,
                heard.get(),
                Versions.product(),
                HostFacts.hostName(),
                gpus.visible().orElse(null),
                gpus.problem(),
                addresses(),
                marked,
                unseen);
        try (OutputStream out = WireStdout.open()) {
            out.write(report.line().getBytes(StandardCharsets.UTF_8));
            return ExitCode.OK;
        } catch (IOException e) {
            Stderr.say("neuron: the report cannot be written: " + e.getMessage());
            return ExitCode.FAILED;
        }
    }

    private static String firstLine(InputStream in) {
        StringBuilder line = new StringBuilder();
        try {
            for (int b = in.read(); b >= 0 && b != '\n' && line.length() < LONGEST_LINE; b = in.read()) {
                line.append((char) b);
            }
        } catch (IOException _) {
            return "";
        }
        return line.toString();
    }

    private static List<String> addresses() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> !address.isLoopbackAddress())
                    .map(InetAddress::getHostAddress)
                    .toList();
        } catch (SocketException _) {
            return List.of();
        }
    }
}
