package dev.neurontp.ops.create;

import dev.neurontp.harness.api.PoolRequest;
import dev.neurontp.harness.launch.HostSlots;
import dev.neurontp.harness.pool.PoolNames;
import dev.neurontp.harness.pool.RestartPolicy;
import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.console.HumanText;
import dev.neurontp.ops.preflight.KnownLaunchers;
import dev.neurontp.worker.CommunicatorNames;
import dev.neurontp.worker.os.ExitCode;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What a new pool shall be, as options. */
public final class NewPoolOptions {
    private static final int USUAL_SIZE = 2;

    @Spec(Spec.Target.MIXEE)
    CommandSpec spec;

    @Option(
            names = {"-n", "--size"},
            paramLabel = "N",
            description = "The number of ranks. Default: 2; with --hosts as many as they have devices.")
    Integer givenSize;

    @Option(
            names = "--devices",
            paramLabel = "D",
            split = ",",
            description = "The GPU of each rank, rank 0's first: 0,1. Default: 0 to N-1.")
    List<Long> devices = List.of();

    @Option(
            names = "--hosts",
            paramLabel = "H:D",
            description = "Other hosts, each with its devices, in the order of the ranks: gpu-1:0-3,gpu-2:0-3. Wants"
                    + " --launcher. Inside salloc or sbatch slurm: those of the job, by the launcher slurm.")
    String hosts;

    @Option(
            names = "--launcher",
            paramLabel = "NAME",
            description =
                    "What starts the ranks on --hosts: a launcher of the daemon's settings (launchers.NAME). tpctl up"
                            + " without --config knows " + KnownLaunchers.NAMES + ".")
    String launcher;

    @Option(names = "--share-devices", description = "Let ranks have a GPU of each other or of another pool.")
    boolean shareDevices;

    @Option(
            names = "--restart",
            paramLabel = "POLICY",
            completionCandidates = RestartPolicies.class,
            description = "Whether the pool is started anew where it has failed, at most 4 times in 10 minutes: one of"
                    + " ${COMPLETION-CANDIDATES}. Wants --name. Default: never.")
    String restart;

    @Option(
            names = "--communicator",
            paramLabel = "NAME",
            completionCandidates = CommunicatorNames.class,
            description =
                    "One of ${COMPLETION-CANDIDATES}; loopback needs no GPU. Default: the daemon's setting (nccl).")
    String communicator;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description =
                    "What the pool is called: lower-case letters, digits and '-'. No two live pools have one name.")
    String name;

    @Option(
            names = {"-l", "--label"},
            paramLabel = "KEY=VALUE",
            description = "What you want to say of the pool; may be given several times.")
    List<String> labels = List.of();

    @Parameters(
            arity = "0..*",
            paramLabel = "COMMAND",
            description = "After --: what the workers are started with. Default: neuron itself.")
    List<String> command = List.of();

    /**
     * The request for it.
     *
     * @throws CommandException when an option breaks a rule
     */
    public PoolRequest request() {
        requireCommandAfterDashes();
        Optional<List<HostSlots>> slots = slots();
        int size = slots.map(given -> ranks(given)).orElse(givenSize == null ? USUAL_SIZE : givenSize);
        if (size < 1) {
            throw usage("-n is " + size + ": a pool has at least 1 rank", "Give the number of ranks, like -n 2.");
        }
        if (!devices.isEmpty() && devices.size() != size) {
            throw usage(
                    "--devices names " + devices.size() + " and -n is " + size + ": every rank has one, rank 0 too",
                    "Give one device for each rank.");
        }
        return new PoolRequest(
                Optional.ofNullable(name).map(given -> checked("--", () -> PoolNames.require(given))),
                checked("--label: ", () -> PoolNames.requireLabels(labels())),
                size,
                Optional.of(devices).filter(given -> !given.isEmpty()),
                shareDevices ? Optional.of(true) : Optional.empty(),
                Optional.ofNullable(restart).map(this::restart),
                Optional.ofNullable(communicator),
                Optional.of(command).filter(given -> !given.isEmpty()),
                launcher(),
                slots.map(given -> given.stream().map(HostSlots::toString).toList()),
                Map.of());
    }

    /**
     * The request that a file makes, in place of all options.
     *
     * @param option by which the file is named
     * @throws CommandException when the file is wrong, or an option of the pool is given too
     */
    public PoolRequest request(String option, String file, InputStream stdin) {
        List<String> ours = spec.mixins().values().stream()
                .filter(mixin -> mixin.userObject() == this)
                .flatMap(mixin -> mixin.options().stream())
                .map(OptionSpec::longestName)
                .toList();
        Optional<String> given = spec.commandLine().getParseResult().matchedOptions().stream()
                .map(OptionSpec::longestName)
                .filter(ours::contains)
                .findFirst()
                .or(() -> command.stream().findFirst().map(word -> "the command '" + shown(word) + "'"));
        if (given.isPresent()) {
            throw usage(
                    given.get() + " does not go with " + option + ", which says what the pool is",
                    "Write it into the file, or leave the file out.");
        }
        return PoolFile.read(file, stdin);
    }

    private Optional<List<HostSlots>> slots() {
        if ((hosts == null) != launcher().isEmpty()) {
            throw usage(
                    (hosts == null ? "--launcher" : "--hosts") + " is given alone",
                    "--launcher says by what the ranks are started, --hosts where: give both.");
        }
        if (hosts != null && !devices.isEmpty()) {
            throw usage("--devices does not go with --hosts", "Name the devices of each host: --hosts gpu-1:0-3.");
        }
        return Optional.ofNullable(hosts).map(given -> checked("--hosts: ", () -> SlurmHosts.split(given)));
    }

    private Optional<String> launcher() {
        return Optional.ofNullable(launcher)
                .or(() -> SlurmHosts.WORD.equals(hosts) ? Optional.of(SlurmHosts.WORD) : Optional.empty());
    }

    private int ranks(List<HostSlots> slots) {
        int ranks = slots.stream().mapToInt(host -> host.devices().size()).sum();
        if (givenSize != null && givenSize != ranks) {
            throw usage(
                    "-n is " + givenSize + " and --hosts have " + HumanText.count(ranks, "device", "devices")
                            + ": every rank has one, rank 0 too",
                    "Leave -n out.");
        }
        return ranks;
    }

    /** For the shell's completion. */
    static final class RestartPolicies extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        RestartPolicies() {
            super(Arrays.stream(RestartPolicy.values())
                    .map(RestartPolicy::label)
                    .toList());
        }
    }

    private String restart(String given) {
        RestartPolicy policy = checked("--", () -> RestartPolicy.named(ForeignText.of(given, ForeignText.NAME)));
        if (policy != RestartPolicy.NEVER && name == null) {
            throw usage(
                    "--restart is " + policy.label() + " and the pool has no name",
                    "Give it one with --name, by which the pool that takes its place is found.");
        }
        return policy.label();
    }

    /** Without -- a word is most likely meant as the pool's name. */
    private void requireCommandAfterDashes() {
        List<String> arguments = spec.commandLine().getParseResult().originalArgs();
        int dashes = arguments.indexOf("--");
        int after = dashes < 0 ? 0 : arguments.size() - dashes - 1;
        if (command.size() > after) {
            throw usage(
                    "'" + shown(command.getFirst()) + "' is no option: the command of the workers stands after --",
                    "A name for the pool is given with --name.");
        }
    }

    private Map<String, String> labels() {
        Map<String, String> byKey = new LinkedHashMap<>();
        for (String label : labels) {
            int equals = label.indexOf('=');
            if (equals < 0) {
                throw usage("--label is '" + shown(label) + "': it must be KEY=VALUE", "Like --label team=search.");
            }
            if (byKey.put(label.substring(0, equals), label.substring(equals + 1)) != null) {
                throw usage(
                        "--label " + shown(label.substring(0, equals)) + " is given twice",
                        "Give one value for a key.");
            }
        }
        return byKey;
    }

    private static <T> T checked(String before, Supplier<T> check) {
        try {
            return check.get();
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitCode.USAGE, before + e.getMessage(), "--help lists the options.", e);
        }
    }

    private static CommandException usage(String message, String next) {
        return new CommandException(ExitCode.USAGE, message, next);
    }

    private static String shown(String text) {
        return ForeignText.of(text, ForeignText.NAME);
    }
}
