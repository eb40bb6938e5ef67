package dev.neurontp.ops.demo;

import dev.neurontp.harness.pool.RankExit;
import dev.neurontp.harness.pool.RankSnapshot;
import dev.neurontp.harness.smoke.SmokeStep;
import dev.neurontp.ops.console.Terminal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Prints the demo: one block per step, with its time and what each rank did. */
final class DemoReport implements Consumer<SmokeStep> {
    private static final List<String> STEPS = List.of("spawn", "ping", "init", "sanity", "shutdown");

    private final Terminal terminal;
    private final int size;
    private final long start = System.nanoTime();
    private final AtomicBoolean over = new AtomicBoolean();
    private int step;

    DemoReport(Terminal terminal, int size) {
        this.terminal = terminal;
        this.size = size;
    }

    void begin() {
        terminal.line("A pool of " + size + " ranks on this host, over the loopback communicator (no GPU is used).");
        terminal.line("");
        announce();
    }

    @Override
    public void accept(SmokeStep done) {
        switch (done) {
            case SmokeStep.Spawned spawned -> step(done, perRank(spawned.ranks(), DemoReport::who));
            case SmokeStep.Pinged pinged ->
                step(
                        done,
                        perRank(
                                pinged.result().ranks(),
                                rank -> "rank " + rank.rank() + " pong after " + time(rank.took())));
            case SmokeStep.Joined joined ->
                step(done, joined.result().ranks().size() + " of " + size + " ranks have joined the group");
            case SmokeStep.Checked checked ->
                step(done, "1 added up over all ranks, as each rank sees it: " + sums(checked));
            case SmokeStep.Ended ended -> step(done, perRank(ended.report().ends(), DemoReport::end));
        }
        step++;
        announce();
    }

    void end() {
        terminal.line("");
        terminal.line(terminal.green("Done") + " in " + time(Duration.ofNanos(System.nanoTime() - start))
                + ": every process that was started is gone.");
    }

    /** Says what failed; nothing when the user ended the demo, since then every step fails. */
    void failed(Exception e) {
        if (over.get()) {
            return;
        }
        terminal.line(terminal.red("✗ ") + STEPS.get(Math.min(step, STEPS.size() - 1)));
        terminal.err().println("tpctl demo: " + e.getMessage());
    }

    /** Called in the shutdown hook; says nothing when the demo is over already. */
    void interrupted() {
        if (over.compareAndSet(false, true)) {
            terminal.line("interrupted: the pool is shut down");
        }
    }

    void over() {
        over.set(true);
    }

    private void announce() {
        if (step < STEPS.size()) {
            terminal.passing(terminal.faint("… " + STEPS.get(step)));
        }
    }

    private void step(SmokeStep done, String text) {
        String head = String.format(Locale.ROOT, "%-9s%9s  ", done.label(), time(done.took()));
        terminal.line(terminal.green("✓ ") + terminal.bold(head) + text);
    }

    private static <T> String perRank(List<T> ranks, Function<T, String> text) {
        return ranks.stream().map(text).collect(Collectors.joining("; "));
    }

    private static String who(RankSnapshot rank) {
        return rank.process()
                .map(process -> "rank " + rank.rank() + " is pid " + process.pid())
                .orElse("rank " + rank.rank() + " is tpctl itself (pid "
                        + ProcessHandle.current().pid() + ")");
    }

    private static String end(RankExit end) {
        return "rank " + end.rank() + ": " + end.describe();
    }

    private static String sums(SmokeStep.Checked checked) {
        return checked.sums().stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    private static String time(Duration duration) {
        double millis = duration.toNanos() / 1e6;
        return millis < 1000
                ? String.format(Locale.ROOT, "%.1f ms", millis)
                : String.format(Locale.ROOT, "%.2f s", millis / 1000);
    }
}
