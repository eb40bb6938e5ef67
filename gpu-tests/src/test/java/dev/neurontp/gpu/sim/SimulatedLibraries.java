package dev.neurontp.gpu.sim;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import net.jqwik.api.lifecycle.LifecycleContext;
import net.jqwik.api.lifecycle.SkipExecutionHook;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Where the built libraries lie; skips tests, with the builder's reason, where there are none. */
final class SimulatedLibraries implements ExecutionCondition, SkipExecutionHook {
    /** The sources, with build.sh. */
    static final Path SOURCES = Path.of("src", "sim").toAbsolutePath();

    private static final Path FOLDER = Path.of("target", "sim").toAbsolutePath();
    static final Path CUDA = FOLDER.resolve("libcuda.so.1");
    static final Path NCCL = FOLDER.resolve("libnccl.so.2");
    static final Path NVML = FOLDER.resolve("libnvidia-ml.so.1");

    /** The program of one rank; what it is told and tells stands in {@code check/rank.c}. */
    static final Path RANK = FOLDER.resolve("rank");

    static Optional<String> whyNot() {
        if (Files.exists(CUDA) && Files.exists(NCCL)) return Optional.empty();
        Path skipped = FOLDER.resolve("skipped");
        if (!Files.exists(skipped)) throw new IllegalStateException("no stand-in in " + FOLDER + ": was build.sh run?");
        try {
            return Optional.of(Files.readString(skipped).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return whyNot().map(ConditionEvaluationResult::disabled)
                .orElseGet(() -> ConditionEvaluationResult.enabled("built"));
    }

    @Override
    public SkipResult shouldBeSkipped(LifecycleContext context) {
        return whyNot().map(SkipResult::skip).orElseGet(SkipResult::doNotSkip);
    }
}
