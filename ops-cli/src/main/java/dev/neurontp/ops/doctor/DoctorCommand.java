package dev.neurontp.ops.doctor;

import dev.neurontp.harness.daemon.history.PastPools;
import dev.neurontp.harness.daemon.history.StateFolders;
import dev.neurontp.harness.daemon.runtime.FileErrors;
import dev.neurontp.harness.daemon.runtime.RuntimeFolders;
import dev.neurontp.harness.launch.ShellWord;
import dev.neurontp.harness.process.WorkerGuard;
import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.ops.client.LiveDaemons;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.console.OutputOptions;
import dev.neurontp.ops.console.Screen;
import dev.neurontp.ops.doctor.bundle.Bundle;
import dev.neurontp.ops.doctor.bundle.PastReports;
import dev.neurontp.ops.doctor.bundle.PoolReports;
import dev.neurontp.ops.doctor.check.Level;
import dev.neurontp.ops.doctor.check.Row;
import dev.neurontp.ops.doctor.check.Wanted;
import dev.neurontp.worker.CommunicatorNames;
import dev.neurontp.worker.Communicators;
import dev.neurontp.worker.Versions;
import dev.neurontp.worker.os.ExitCode;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Says what is wrong with this host before a pool starts. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = {
            "Says what is wrong with this host before a pool of GPUs starts, and what to do.",
            "Reads files, NVML and the CUDA driver. Changes nothing, ends nothing, needs no root; what it cannot look at"
                    + " is SKIPPED with the reason. docs/doctor.md explains every row.",
            "Exit code 1 after a FAIL or a HUNG, 3 when every row was skipped."
        })
public final class DoctorCommand implements Callable<Integer> {
    /** Of other programs. */
    private static final String STDOUT = "-";

    private final Screen screen;
    private final RuntimeFolders folders;
    private final StateFolders states;

    @Spec
    CommandSpec spec;

    @Option(
            names = {"-n", "--size"},
            paramLabel = "N",
            description = "The ranks of the pool that is to start. Default: one for each GPU.")
    Integer size;

    @Option(
            names = "--devices",
            paramLabel = "D",
            split = ",",
            description = "The GPU of each rank, as in tpctl up: 0,1.")
    List<Long> devices = List.of();

    @Option(
            names = "--communicator",
            paramLabel = "NAME",
            completionCandidates = CommunicatorNames.class,
            description =
                    "One of ${COMPLETION-CANDIDATES}; with loopback the rows about GPUs are skipped. Default: nccl.")
    String communicator;

    @Option(names = "--only", paramLabel = "ID", split = ",", description = "Only these rows: D05,D11 or fabric,shm.")
    List<String> only = List.of();

    @Option(names = "--skip", paramLabel = "ID", split = ",", description = "All rows but these.")
    List<String> skip = List.of();

    @Option(names = "--strict", description = "A WARN counts as a FAIL for the exit code.")
    boolean strict;

    @Option(names = "--since-boot", description = "Xids of the kernel's log since boot; else of the last 24 hours.")
    boolean sinceBoot;

    @Option(names = "--explain", paramLabel = "ID", description = "Explain a row, and look at nothing.")
    String explain;

    @Option(
            names = "--bundle",
            paramLabel = "FILE.tar.gz",
            description =
                    "Write an archive for a report of a bug: versions, rows, the driver's and the host's own words,"
                            + " redacted. Lists what will be in it first.")
    Path bundle;

    @Option(names = "--force", description = "Replace the file of --bundle.")
    boolean force;

    @Option(names = "--json", description = "The same as -o json.")
    boolean json;

    @Mixin
    OutputOptions output;

    /** Prints to {@code screen}; daemons are looked for in {@code folders}, and what they have written down in {@code states}. */
    public DoctorCommand(Screen screen, RuntimeFolders folders, StateFolders states) {
        this.screen = screen;
        this.folders = folders;
        this.states = states;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (explain != null) {
            Explanations.load().lines(row(explain)).forEach(screen::line);
            return ExitCode.OK;
        }
        Wanted wanted = wanted();
        if (bundle != null) {
            refuseBundle();
        }
        Set<Row> rows = rows();
        guard();
        Doctor.Diagnosis diagnosis = Doctor.examine(wanted, rows, bundle != null);
        if (json || output.json()) {
            screen.line(DoctorJson.of(diagnosis));
        } else {
            new DoctorReport(screen, diagnosis).print();
        }
        if (bundle != null) {
            write(Bundle.of(
                    diagnosis.evidence(),
                    Versions.line("tpctl"),
                    DoctorJson.of(diagnosis),
                    PoolReports.of(new LiveDaemons(folders)),
                    PastReports.of(new PastPools(states))));
        }
        return exitCode(diagnosis);
    }

    /** A probe that hangs, with what it has started, does not outlive this process. */
    private static void guard() {
        try {
            WorkerGuard.ensure();
        } catch (IOException _) {
            return; // no process can be started, so none is left either
        }
    }

    /** Before anything is asked: a name that is taken, or can be none. */
    private void refuseBundle() {
        if (bundle.toString().equals(STDOUT)) {
            throw usage("--bundle is -: it must name a file, and ./- is one of that name");
        }
        if (bundle.getFileName() == null || (Files.exists(bundle) && !Files.isRegularFile(bundle))) {
            throw usage("--bundle is " + bundle + ": it must name a file");
        }
        // A link to nothing, too: what is written does not go through it.
        if (Files.exists(bundle, LinkOption.NOFOLLOW_LINKS) && !force) {
            throw usage("--bundle: " + bundle + " is there already: name another file, or give --force");
        }
    }

    private void write(Bundle contents) {
        screen.say("In " + shown(bundle.toString()) + " will be:");
        contents.listing().forEach(line -> screen.say("  " + line));
        try {
            contents.write(bundle.toAbsolutePath(), force);
        } catch (IOException e) {
            throw new CommandException(
                    ExitCode.COULD_NOT_RUN,
                    "--bundle: " + bundle + " cannot be written: " + reason(e),
                    "Name a file in a folder that exists and has room.",
                    e);
        }
        String argument = bundle.toString().startsWith("-") ? "./" + bundle : bundle.toString();
        screen.say("Written. Read it before you send it: tar -xzOf " + shown(ShellWord.quoted(argument)) + " | less");
    }

    private static String shown(String name) {
        return ForeignText.of(name, ForeignText.MESSAGE);
    }

    /** The file that is written first has a name that nobody asked for, so it is not in the words. */
    private String reason(IOException e) {
        return e instanceof NoSuchFileException || e instanceof AccessDeniedException
                ? "no file can be created in " + bundle.toAbsolutePath().getParent()
                : FileErrors.reason(e);
    }

    private int exitCode(Doctor.Diagnosis diagnosis) {
        List<Level> levels = diagnosis.results().stream()
                .map(result -> result.finding().level())
                .toList();
        if (levels.contains(Level.FAIL) || levels.contains(Level.HUNG) || (strict && levels.contains(Level.WARN))) {
            return ExitCode.FAILED;
        }
        return levels.stream().allMatch(level -> level == Level.SKIPPED) ? ExitCode.COULD_NOT_RUN : ExitCode.OK;
    }

    private Wanted wanted() {
        if (size != null && (size < 1 || size > Wanted.MOST)) {
            throw usage("--size is " + size + ": a pool has 1 to " + Wanted.MOST + " ranks");
        }
        if (devices.size() > Wanted.MOST || devices.stream().anyMatch(device -> device < 0)) {
            throw usage("--devices holds a negative number, or more than " + Wanted.MOST + " of them");
        }
        if (size != null && !devices.isEmpty() && size != devices.size()) {
            throw usage("--size is " + size + " and --devices names " + devices.size() + ": each rank has one device");
        }
        boolean gpus = communicator == null
                || Communicators.find(communicator)
                        .orElseThrow(() -> usage("--communicator is '" + communicator + "': it must be one of "
                                + String.join(", ", Communicators.names())))
                        .needsGpu();
        boolean said = size != null || !devices.isEmpty() || communicator != null;
        return new Wanted(size == null ? 0 : size, devices, gpus, said, sinceBoot);
    }

    private Set<Row> rows() {
        Set<Row> rows = EnumSet.noneOf(Row.class);
        if (only.isEmpty()) {
            rows.addAll(EnumSet.allOf(Row.class));
        }
        only.forEach(text -> rows.add(row(text)));
        skip.forEach(text -> rows.remove(row(text)));
        if (rows.isEmpty()) {
            throw usage("--only and --skip leave no row");
        }
        return rows;
    }

    private Row row(String text) {
        return Row.named(text)
                .orElseThrow(() -> usage("no row is called '" + text + "': there are "
                        + String.join(
                                ", ",
                                EnumSet.allOf(Row.class).stream().map(Row::name).toList())));
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
