package dev.neurontp.ops.doctor.check;

import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.ops.doctor.host.HostFiles;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Which network interface NCCL would take for its rendezvous. */
final class NetworkChecks {
    private static final String FOLDER = "/sys/class/net";
    private static final String VARIABLE = "NCCL_SOCKET_IFNAME";
    private static final String VIRTUAL = "(veth|virbr|lxcbr|lxdbr|cni|flannel|cali|tailscale|tun|tap|wg|br-).*";

    private NetworkChecks() {}

    static List<Check> all() {
        return List.of(new Check(Row.D20, NetworkChecks::network));
    }

    private static Finding network(Evidence evidence) {
        HostFiles files = evidence.host().files();
        List<String> names = files.names(FOLDER);
        if (names.isEmpty()) {
            return Finding.skipped(FOLDER + " is not there");
        }
        Optional<String> set = evidence.host().variable(VARIABLE).filter(value -> !value.isBlank());
        if (set.isPresent()) {
            return named(files, names, set.get());
        }
        List<String> up = evidence.host().interfaces().stream()
                .filter(name -> isUp(files, name))
                .toList();
        if (up.isEmpty()) {
            return Finding.skipped("the kernel does not say which interface that is up has an address");
        }
        // As NCCL does: InfiniBand's first, then any but docker's and the loopback, then those.
        Optional<String> chosen = up.stream()
                .filter(name -> name.startsWith("ib"))
                .findFirst()
                .or(() -> up.stream()
                        .filter(name -> !name.startsWith("docker") && !name.equals("lo"))
                        .findFirst());
        return chosen.filter(name -> name.matches(VIRTUAL))
                .map(name -> Finding.warn(
                        "NCCL would take " + name + " of " + ForeignText.of(String.join(", ", up), 200),
                        "an interface that all ranks reach",
                        "export " + VARIABLE + "=lo for a pool on one host, else the host's own interface"))
                .orElseGet(() -> Finding.ok("NCCL would take " + chosen.orElse("lo")));
    }

    private static Finding named(HostFiles files, List<String> names, String value) {
        boolean except = value.startsWith("^");
        boolean exact = value.startsWith("=");
        List<String> patterns = Arrays.stream(
                        value.substring(except || exact ? 1 : 0).split(",", -1))
                .map(String::strip)
                .toList();
        List<String> matching = names.stream()
                .filter(name ->
                        patterns.stream().anyMatch(pattern -> exact ? name.equals(pattern) : name.startsWith(pattern))
                                != except)
                .toList();
        String seen = VARIABLE + "=" + ForeignText.of(value, ForeignText.NAME);
        String remedy = "export " + VARIABLE + "=lo for a pool on one host; ip -br link lists the interfaces";
        if (matching.isEmpty()) {
            return Finding.fail(
                    seen + " names no interface of " + ForeignText.of(String.join(", ", names), 200),
                    "an interface that is there",
                    remedy);
        }
        return matching.stream().noneMatch(name -> isUp(files, name))
                ? Finding.fail(
                        seen + ": " + String.join(", ", matching) + " is down", "an interface that is up", remedy)
                : Finding.ok(seen + ": " + String.join(", ", matching));
    }

    /** Virtual interfaces and the loopback do not know their state. */
    private static boolean isUp(HostFiles files, String name) {
        return files.line(FOLDER + "/" + name + "/operstate")
                .filter(state -> state.equals("up") || state.equals("unknown"))
                .isPresent();
    }
}
