package dev.neurontp.conformance.mutant;

import dev.neurontp.conformance.RunOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Options like others, but for what is named. One thread. */
public final class TestOptions {
    private final RunOptions like;
    private List<String> only;
    private Optional<Path> knownFailures;
    private long seed;
    private Duration maxTime;
    private boolean strict;
    private boolean launched;
    private Duration soak;
    private Duration startTimeout;
    private String suite;
    private List<String> commIdCommand;

    private TestOptions(RunOptions like) {
        this.like = like;
        this.only = like.only();
        this.knownFailures = like.knownFailures();
        this.seed = like.seed();
        this.maxTime = like.maxTime();
        this.strict = like.strict();
        this.launched = like.launched();
        this.soak = like.soak();
        this.startTimeout = like.startTimeout();
        this.suite = like.suite();
        this.commIdCommand = like.commIdCommand();
    }

    public static TestOptions like(RunOptions options) {
        return new TestOptions(options);
    }

    public TestOptions only(String... patterns) {
        only = List.of(patterns);
        return this;
    }

    public TestOptions knownFailures(Path file) {
        knownFailures = Optional.of(file);
        return this;
    }

    public TestOptions seed(long number) {
        seed = number;
        return this;
    }

    public TestOptions maxTime(Duration time) {
        maxTime = time;
        return this;
    }

    public TestOptions strict() {
        strict = true;
        return this;
    }

    public TestOptions launched() {
        launched = true;
        return this;
    }

    public TestOptions soak(Duration time) {
        soak = time;
        return this;
    }

    public TestOptions startTimeout(Duration time) {
        startTimeout = time;
        return this;
    }

    public TestOptions suite(String name) {
        suite = name;
        return this;
    }

    public TestOptions commIdCommand(String... words) {
        commIdCommand = List.of(words);
        return this;
    }

    public RunOptions options() {
        return new RunOptions(
                like.command(),
                like.stage(),
                like.contractVersion(),
                only,
                like.skip(),
                knownFailures,
                seed,
                like.tries(),
                like.timeout(),
                maxTime,
                like.failFast(),
                strict,
                launched,
                like.jobs(),
                commIdCommand,
                like.worldSizes(),
                like.idle(),
                soak,
                startTimeout,
                suite,
                like.rerunPrefix());
    }
}
