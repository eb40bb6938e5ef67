package dev.neurontp.harness.process;

import dev.neurontp.worker.comm.HostFacts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A variable in the environment of all that a launcher has started for a leader, on whatever host: it names the leader's process. The
 * words of a launcher carry it. Only where that process ran can be told whether it still does.
 */
public final class LeaderMark {
    /** The variable. */
    public static final String VARIABLE = "NEURONTP_LEADER";

    private static final Pattern SHAPE =
            Pattern.compile("([0-9a-f-]{36}|unknown)_([0-9]{1,19})_([0-9]{1,18})_(-?[0-9]{1,18})");

    private LeaderMark() {}

    /** That of this process. */
    public static String ofThisProcess() {
        ProcessIdentity self = ProcessIdentity.ofKnown(ProcessHandle.current().pid());
        return self.bootId() + "_" + namespace() + "_" + self.pid() + "_" + self.startTicks();
    }

    /** Whether that is the mark of a leader of this very process table that has ended; false too where nobody can know. */
    public static boolean isOfEndedLeader(String mark) {
        Matcher parts = SHAPE.matcher(mark);
        return parts.matches()
                && parts.group(1).equals(ProcessIdentity.thisBoot())
                && parts.group(2).equals(namespace())
                && new ProcessIdentity(Long.parseLong(parts.group(3)), Long.parseLong(parts.group(4)), parts.group(1))
                        .gone();
    }

    /** A process that carries a mark. */
    public record Marked(String name, long pid, String mark) {}

    /**
     * Those of this host that carry one and whose environment can be read, but for this process and those that started it.
     *
     * @throws IOException when not all of this host can be seen
     */
    public static List<Marked> all() throws IOException {
        List<Long> own = new ArrayList<>();
        for (Optional<ProcessHandle> one = Optional.of(ProcessHandle.current());
                one.isPresent();
                one = one.get().parent()) {
            own.add(one.get().pid());
        }
        List<Marked> found = new ArrayList<>();
        ProcessTable table = ProcessTable.read();
        if (table.unseen().isPresent()) {
            throw new IOException(table.unseen().get());
        }
        for (ProcStat process : table.processes()) {
            if (!own.contains(process.pid())) {
                ProcFile.variables(process.pid(), Set.of(VARIABLE)).orElse(List.of()).stream()
                        .limit(1)
                        .map(entry -> entry.substring(VARIABLE.length() + 1))
                        .forEach(mark -> found.add(new Marked(process.name(), process.pid(), mark)));
            }
        }
        return found;
    }

    private static String namespace() {
        String digits = HostFacts.link("/proc/self/ns/pid").replaceAll("\\D", "");
        return digits.isEmpty() ? "0" : digits;
    }
}
