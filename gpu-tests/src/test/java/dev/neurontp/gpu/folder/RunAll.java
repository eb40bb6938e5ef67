package dev.neurontp.gpu.folder;

import dev.neurontp.harness.time.Deadline;
import dev.neurontp.harness.time.Durations;
import dev.neurontp.worker.os.ExitCode;
import dev.neurontp.worker.os.ExitHook;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** Runs every step within its bound, and writes the archive anew after each: whatever ends this leaves the reports. */
public final class RunAll {
    static final Duration ALL = Duration.ofSeconds(470);

    private final RunOptions options;
    private final Steps steps;
    private final Report report;
    private final PrintStream out;
    private final Deadline deadline = Deadline.in(ALL);
    private final List<String> summary = new ArrayList<>();
    private final AtomicReference<RunningStep> running = new AtomicReference<>();
    private StepEnd.State worst = StepEnd.State.PASSED;

    private RunAll(RunOptions options, Path root, Report report, PrintStream out) {
        this.options = options;
        this.steps = new Steps(root, options);
        this.report = report;
        this.out = out;
    }

    /** The program; {@code neurontp.root} is the folder. */
    public static void main(String[] arguments) throws InterruptedException {
        System.exit(run(arguments));
    }

    private static int run(String[] arguments) throws InterruptedException {
        try {
            RunOptions options = RunOptions.parse(arguments);
            Path root = Path.of(System.getProperty("neurontp.root")).toAbsolutePath();
            options.requireKnown(new Steps(root, options).names());
            Report report = Report.in(options.out(), Instant.now());
            return new RunAll(options, root, report, System.out).run();
        } catch (IllegalArgumentException e) {
            System.err.println("run-all: " + e.getMessage() + ". Usage: " + RunOptions.USAGE);
            return ExitCode.USAGE;
        } catch (IOException e) {
            System.err.println("run-all: the reports cannot be written: " + e
                    + ". Give a folder that can be written and has room: --out DIR");
            return ExitCode.USAGE;
        }
    }

    private int run() throws IOException, InterruptedException {
        ExitHook hook = ExitHook.bounded("end of the step", Duration.ofSeconds(8), this::stop);
        hook.install();
        say("neurontp on a GPU host, " + Instant.now() + ", at most " + Durations.time(ALL));
        if (options.simulation()) {
            say("SIMULATED: what follows says nothing about hardware");
        }
        HostFacts host = host();
        List<Step> others = steps.afterwards(host);
        for (Step step : others) {
            if (options.has(step)) {
                run(step, host);
            }
        }
        sayWhatIsOfOtherHosts(others, host);
        say("RESULT: " + worst.text() + (options.simulation() ? ", SIMULATED, not on hardware" : "") + ", "
                + Durations.time(Duration.ofSeconds(deadline.elapsed().toSeconds())));
        report.write(summary);
        hook.remove();
        out.println("all reports: " + report.archive());
        return worst.exitCode();
    }

    private void sayWhatIsOfOtherHosts(List<Step> here, HostFacts host) {
        options.only().stream()
                .filter(name -> !name.equals(steps.host().name())
                        && here.stream().noneMatch(step -> step.name().equals(name)))
                .forEach(name -> say(StepEnd.State.NOT_RUN.text() + "    " + name
                        + "  is no part of a run on a host with " + host.devices()
                        + (host.devices() == 1 ? " GPU" : " GPUs")));
    }

    private HostFacts host() throws IOException, InterruptedException {
        StepEnd end = run(steps.host());
        HostFacts facts = HostFacts.read(report.folder().resolve(steps.host().output()));
        facts.problem().ifPresent(this::say);
        return end.state() == StepEnd.State.PASSED ? facts : facts.unusable();
    }

    private void run(Step step, HostFacts host) throws IOException, InterruptedException {
        if (step.needsGpu() && !host.usable()) {
            record(step, StepEnd.notRun("there is no GPU with NCCL that can be used here: see host"));
        } else {
            run(step);
        }
    }

    private StepEnd run(Step step) throws IOException, InterruptedException {
        if (deadline.expired()) {
            return record(step, StepEnd.notRun("the " + Durations.time(ALL) + " of the whole run are over"));
        }
        StepEnd end;
        try {
            RunningStep process = RunningStep.start(step, report.folder());
            running.set(process);
            end = process.end(deadline);
        } catch (IOException e) {
            // A program of the host that is not there, such as nvidia-smi.
            end = StepEnd.notRun("it cannot be started: " + step.command().getFirst());
        } finally {
            running.set(null);
        }
        Path errors = report.folder().resolve(step.name() + ".stderr.txt");
        if (Files.exists(errors) && Files.size(errors) == 0) {
            Files.delete(errors);
        }
        return record(step, end);
    }

    private StepEnd record(Step step, StepEnd ended) throws IOException {
        StepEnd end = options.requireGpu() && step.needsGpu() ? ended.required() : ended;
        // The host's own program is no part of what is tested.
        if (step.command().getFirst().contains("/")) {
            worst = List.of(worst, end.state()).stream()
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }
        say(String.format(
                        "%-9s  %-15s  %6s of %-6s %s",
                        end.state().text(),
                        step.name(),
                        Durations.time(Duration.ofMillis(end.took().toMillis() / 100 * 100)),
                        Durations.time(step.bound()),
                        end.words().isEmpty() ? "" : "  " + end.words())
                .stripTrailing());
        report.write(summary);
        return end;
    }

    /** On SIGTERM or Ctrl-C: the step goes, and its report of what it has found is kept. */
    private void stop() {
        RunningStep process = running.get();
        try {
            if (process != null) {
                process.stop();
                say("INTERRUPTED");
                report.write(summary);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            System.err.println("run-all: the archive cannot be written: " + e);
        }
    }

    private synchronized void say(String line) {
        summary.add(line);
        out.println(line);
    }
}
