package dev.neurontp.ops.create;

import dev.neurontp.harness.launch.HostSlots;
import dev.neurontp.harness.process.BoundedRun;
import dev.neurontp.harness.process.WorkerGuard;
import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.harness.text.QuotedLines;
import dev.neurontp.harness.time.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The nodes of the Slurm job that this process is in, as hosts: one rank for each GPU of the job, and where it has none one for each task. Slurm
 * says that in the environment of what salloc and sbatch start; only the short form of the nodes' names has to be taken apart by scontrol.
 */
public final class SlurmHosts {
    /** Stands for all of them where hosts are named. No host can be meant: it would have a colon and devices. */
    static final String WORD = "slurm";

    private static final String NODES = "SLURM_JOB_NODELIST";
    private static final String PER_NODE = "SLURM_GPUS_PER_NODE";
    private static final String ON_NODE = "SLURM_GPUS_ON_NODE";
    private static final String OF_JOB = "SLURM_GPUS";
    private static final String NOT_OF_A_NODE = "that is all GPUs of the job, and not how many a node has";
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int MOST_BYTES = 1 << 18;
    private static final int MOST_PER_NODE = 1024;
    private static final int MOST_IN_ALL = 1 << 18;
    /** {@code 4}, {@code a100:4}, {@code a100:2,v100:1}. */
    private static final Pattern GPUS = Pattern.compile("(?:[^:,]+:)?([0-9]{1,4})");
    /** {@code 2(x3),1}: two on each of three nodes, then one. */
    private static final Pattern TASKS = Pattern.compile("([0-9]{1,4})(?:\\(x([0-9]{1,4})\\))?");

    private final Map<String, String> environment;
    private final String scontrol;

    private SlurmHosts(Map<String, String> environment, String scontrol) {
        this.environment = environment;
        this.scontrol = scontrol;
    }

    /**
     * The hosts that {@code text} names: those of this process's job for {@code slurm}, else as {@link HostSlots#split}.
     *
     * @throws IllegalArgumentException with the value and the rule
     */
    public static List<HostSlots> split(String text) {
        return text.equals(WORD) ? ofThisJob() : HostSlots.split(text);
    }

    /** Whether these hosts are meant. */
    static boolean areMeant(List<String> hosts) {
        return hosts.equals(List.of(WORD));
    }

    /**
     * Those of this process's job. Starts scontrol, and waits for it with a bound.
     *
     * @throws IllegalArgumentException when it is in no job, or what Slurm says of it makes no hosts
     */
    static List<HostSlots> ofThisJob() {
        return of(System.getenv(), "scontrol");
    }

    static List<HostSlots> of(Map<String, String> environment, String scontrol) {
        return new SlurmHosts(environment, scontrol).slots();
    }

    private List<HostSlots> slots() {
        String shortForm = value(NODES)
                .orElseThrow(() -> new IllegalArgumentException("hosts are those of a Slurm job (" + WORD
                        + "), and this is none, " + NODES
                        + " is not set: start it inside salloc or sbatch, or name the hosts, such as gpu-1:0-3"));
        List<String> nodes = names(shortForm);
        List<Integer> counts = counts(nodes.size());
        requireFew(counts);
        List<String> hosts = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            hosts.add(nodes.get(i) + ":0" + (counts.get(i) == 1 ? "" : "-" + (counts.get(i) - 1)));
        }
        return HostSlots.parseAll(hosts);
    }

    /** Each is spelled out. */
    private static void requireFew(List<Integer> counts) {
        long all = counts.stream().mapToLong(Integer::longValue).sum();
        if (all > MOST_IN_ALL) {
            throw new IllegalArgumentException("the Slurm job has " + all + " places for ranks on " + counts.size()
                    + " nodes, and at most " + MOST_IN_ALL + " are taken: name the hosts, such as gpu-1:0-3");
        }
    }

    private List<String> names(String nodeList) {
        String command = scontrol + " show hostnames";
        BoundedRun run;
        try {
            WorkerGuard.ensure();
            run = BoundedRun.of(
                    new ProcessBuilder(scontrol, "show", "hostnames", nodeList),
                    Optional.empty(),
                    MOST_BYTES,
                    Deadline.in(LIMIT));
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    command + " cannot be started: " + e.getMessage() + ": it is a part of Slurm, put it on the PATH",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalArgumentException(command + " was interrupted", e);
        } finally {
            // The daemon of tpctl up -d is to outlive this process.
            WorkerGuard.dismiss();
        }
        String said = run.stdout();
        if (said.length() >= MOST_BYTES) {
            throw new IllegalArgumentException(command + " says more than a pool can have hosts, " + MOST_BYTES
                    + " bytes and more: name the hosts, such as gpu-1:0-3");
        }
        List<String> names =
                said.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
        if (run.exitCode().isEmpty() || run.exitCode().getAsInt() != 0 || names.isEmpty()) {
            throw new IllegalArgumentException(command + " says no names of '"
                    + ForeignText.of(nodeList, ForeignText.NAME) + "' (" + NODES + "): "
                    + (run.exitCode().isEmpty()
                            ? "it did not end"
                            : "exit code " + run.exitCode().getAsInt()) + ", "
                    + QuotedLines.last(run.stderr(), ForeignText.MESSAGE));
        }
        return names;
    }

    /** How many ranks each node has. */
    private List<Integer> counts(int nodes) {
        Optional<String> perNode = value(PER_NODE);
        if (perNode.isPresent()) {
            return each(sum(PER_NODE, perNode.get()), nodes, PER_NODE, perNode.get());
        }
        Optional<String> here = value(ON_NODE);
        if (here.isPresent()) {
            int count = sum(ON_NODE, here.get());
            requireSameOnAll(count, nodes);
            return each(count, nodes, ON_NODE, here.get());
        }
        Optional<String> same = value("SLURM_NTASKS_PER_NODE");
        if (same.isPresent()) {
            Matcher count = matched(GPUS, same.get(), "SLURM_NTASKS_PER_NODE", same.get());
            return each(Integer.parseInt(count.group(1)), nodes, "SLURM_NTASKS_PER_NODE", same.get());
        }
        value(OF_JOB).ifPresent(gpus -> {
            throw wrong(OF_JOB, gpus, NOT_OF_A_NODE);
        });
        return tasks(nodes);
    }

    /** Slurm gives a job the GPUs of {@code --gpus} as they are free: 4 on this node and 2 on the next. */
    private void requireSameOnAll(int here, int nodes) {
        value(OF_JOB).filter(gpus -> sum(OF_JOB, gpus) != here * nodes).ifPresent(gpus -> {
            throw wrong(OF_JOB, gpus, NOT_OF_A_NODE + ", and this one of " + nodes + " has " + here);
        });
    }

    private static int sum(String name, String gpus) {
        return Arrays.stream(gpus.split(",", -1))
                .map(part -> matched(GPUS, part, name, gpus))
                .mapToInt(part -> Integer.parseInt(part.group(1)))
                .sum();
    }

    private List<Integer> tasks(int nodes) {
        String name = "SLURM_TASKS_PER_NODE";
        String text = value(name)
                .orElseThrow(() -> new IllegalArgumentException(
                        "the Slurm job says neither its GPUs nor its tasks on a node" + " (SLURM_GPUS_PER_NODE, " + name
                                + "): give salloc or sbatch --gpus-per-node or --ntasks-per-node"));
        List<Integer> counts = new ArrayList<>();
        long all = 0;
        for (String part : text.split(",", -1)) {
            Matcher matched = matched(TASKS, part, name, text);
            int times = matched.group(2) == null ? 1 : Integer.parseInt(matched.group(2));
            List<Integer> group = each(Integer.parseInt(matched.group(1)), times, name, text);
            all += times;
            if (all <= nodes) {
                counts.addAll(group);
            }
        }
        if (all != nodes) {
            throw wrong(name, text, "it has " + all + " nodes, and " + NODES + " has " + nodes);
        }
        return counts;
    }

    private static List<Integer> each(int count, int nodes, String name, String text) {
        if (count < 1 || count > MOST_PER_NODE) {
            throw wrong(name, text, "a node has 1 to " + MOST_PER_NODE + " ranks");
        }
        return Collections.nCopies(nodes, count);
    }

    private static Matcher matched(Pattern pattern, String part, String name, String text) {
        Matcher matcher = pattern.matcher(part);
        if (!matcher.matches()) {
            throw wrong(name, text, "it is no number of them on a node");
        }
        return matcher;
    }

    private static IllegalArgumentException wrong(String name, String text, String rule) {
        return new IllegalArgumentException(name + " is '" + ForeignText.of(text, ForeignText.NAME) + "': " + rule
                + ": give salloc or sbatch --gpus-per-node or --ntasks-per-node, or name the hosts, such as gpu-1:0-3");
    }

    private Optional<String> value(String name) {
        return Optional.ofNullable(environment.get(name)).filter(text -> !text.isBlank());
    }
}
