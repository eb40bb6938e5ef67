package dev.neurontp.harness.preflight;

import dev.neurontp.harness.launch.Place;
import dev.neurontp.harness.preflight.Finding.Check;
import dev.neurontp.harness.preflight.Finding.Verdict;
import dev.neurontp.harness.process.LeaderMark;
import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.harness.text.Shortened;
import dev.neurontp.worker.Versions;
import dev.neurontp.worker.comm.CommunicatorProvider;
import java.net.InetAddress;
import java.util.List;

/**
 * What a report means for a pool.
 *
 * @param wanted the devices of that host that it shall have, as the look itself counts them
 * @param unseen those of them, as the host counts them, that the look cannot see
 */
record Judgement(Place place, List<Long> wanted, List<Long> unseen, CommunicatorProvider communicator) {
    private static final int MOST_NAMES = 32;

    List<Finding> of(HostReport report, String noise, String stderr, String token) {
        return List.of(
                Finding.ok(Check.REACHABLE, "as '" + report.hostName() + "'"),
                Finding.ok(Check.PROGRAM, "neuron " + report.version()),
                stdout(noise),
                stdin(report, token),
                stderr(report, stderr),
                version(report),
                devices(report),
                address(report),
                leftovers(report));
    }

    private Finding stdout(String noise) {
        return noise.isEmpty()
                ? Finding.ok(Check.STDOUT, "clean")
                : new Finding(
                        Check.STDOUT,
                        Verdict.FAIL,
                        place.host() + " prints '" + ForeignText.of(noise, ForeignText.NAME) + "' before the worker",
                        LauncherKind.of(place.launcher()).stdoutRemedy());
    }

    /** Another version may not say it. */
    private Finding stderr(HostReport report, String stderr) {
        if (stderr.contains(HostReport.HEARD + report.heard())) {
            return Finding.ok(Check.STDERR, "comes back");
        }
        return report.version().equals(Versions.product())
                ? new Finding(
                        Check.STDERR,
                        Verdict.FAIL,
                        "what is said there on stderr does not come back, and an agent tells there how its worker is",
                        LauncherKind.of(place.launcher()).stderrRemedy())
                : new Finding(Check.STDERR, Verdict.SKIP, "not known of another version", "");
    }

    private Finding stdin(HostReport report, String token) {
        return report.heard().equals(token)
                ? Finding.ok(Check.STDIN, "arrives")
                : new Finding(
                        Check.STDIN,
                        Verdict.FAIL,
                        report.heard().isEmpty()
                                ? "what was sent did not arrive"
                                : "of what was sent '" + report.heard() + "' arrived",
                        LauncherKind.of(place.launcher()).stdinRemedy());
    }

    private Finding version(HostReport report) {
        return report.version().equals(Versions.product())
                ? Finding.ok(Check.VERSION, report.version())
                : new Finding(
                        Check.VERSION,
                        Verdict.FAIL,
                        "neuron there is " + report.version() + ", here " + Versions.product(),
                        "install the same version on all hosts");
    }

    private Finding devices(HostReport report) {
        if (!communicator.needsGpu()) {
            return new Finding(Check.DEVICES, Verdict.SKIP, communicator.name() + " needs none", "");
        }
        if (report.gpus() == null) {
            return new Finding(
                    Check.DEVICES,
                    Verdict.SKIP,
                    "not known: " + report.gpusProblem(),
                    "with nvidia-smi on the PATH of its commands they are looked for");
        }
        List<Long> missing =
                wanted.stream().filter(device -> device >= report.gpus()).toList();
        if (!missing.isEmpty()) {
            return new Finding(
                    Check.DEVICES,
                    Verdict.FAIL,
                    "it has no GPU " + list(missing) + ": a worker there sees "
                            + (report.gpus() == 0 ? "none" : "0 to " + (report.gpus() - 1)),
                    "name others in hosts, or look at CUDA_VISIBLE_DEVICES there");
        }
        return unseen.isEmpty()
                ? Finding.ok(Check.DEVICES, report.gpus() + " there")
                : new Finding(
                        Check.DEVICES,
                        Verdict.SKIP,
                        "not known of GPU " + list(unseen)
                                + ": the look was in the container of one rank, which has its own GPU alone",
                        "nvidia-smi -L on " + place.host() + " lists all");
    }

    private static String list(List<Long> devices) {
        return String.join(", ", devices.stream().map(String::valueOf).toList());
    }

    private Finding address(HostReport report) {
        InetAddress address;
        try {
            address = InetAddress.ofLiteral(place.address());
        } catch (IllegalArgumentException _) {
            return new Finding(Check.ADDRESS, Verdict.SKIP, "'" + place.address() + "' is a name", "");
        }
        if (address.isLoopbackAddress() || report.addresses().contains(address.getHostAddress())) {
            return Finding.ok(Check.ADDRESS, address.getHostAddress());
        }
        return new Finding(
                Check.ADDRESS,
                // Only this one tells its ranks to listen there.
                communicator.name().equals("loopback") ? Verdict.FAIL : Verdict.WARN,
                "it does not have the address " + address.getHostAddress() + ", but "
                        + String.join(", ", Shortened.names(report.addresses(), MOST_NAMES)),
                "correct hosts." + place.host() + ".address");
    }

    private static Finding leftovers(HostReport report) {
        if (!report.markedProblem().isEmpty()) {
            return new Finding(
                    Check.LEFTOVERS,
                    Verdict.SKIP,
                    "not known: " + report.markedProblem(),
                    "there, ps -eo pid,stat,wchan,args shows processes in state D");
        }
        List<String> left = report.marked().stream()
                .filter(one -> LeaderMark.isOfEndedLeader(one.mark()))
                .map(one -> one.name() + " (pid " + one.pid() + ")")
                .toList();
        return left.isEmpty()
                ? Finding.ok(Check.LEFTOVERS, "none")
                : new Finding(
                        Check.LEFTOVERS,
                        Verdict.WARN,
                        "of a daemon that has ended: " + String.join(", ", Shortened.names(left, MOST_NAMES)),
                        "they end by their lease; at once by kill -KILL there");
    }
}
