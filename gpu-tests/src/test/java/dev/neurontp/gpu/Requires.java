package dev.neurontp.gpu;

import static org.junit.jupiter.api.extension.ConditionEvaluationResult.disabled;
import static org.junit.jupiter.api.extension.ConditionEvaluationResult.enabled;

import dev.neurontp.testing.ProgramProcess;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Skips what this host cannot run, and says why; where hardware is required, a skip is a failure. */
final class Requires {
    /** Set by {@code -Pgpu} and by {@code run-gpu-tests --require-gpu}. */
    private static final boolean REQUIRED = Boolean.getBoolean("neurontp.gpu.required");

    private static final NcclHost HOST = NcclHost.real();

    /** Without it NCCL takes the first other interface that it finds. */
    static final Map<String, String> REAL_NCCL = Map.of("NCCL_SOCKET_IFNAME", "lo");

    private Requires() {}

    /** Real GPUs, that many, and NCCL. */
    @Target(ElementType.TYPE)
    @Retention(RetentionPolicy.RUNTIME)
    @ExtendWith(GpuCondition.class)
    @interface Gpus {
        int value();
    }

    /** A real libnccl.so.2, with a GPU or without. */
    @Target(ElementType.TYPE)
    @Retention(RetentionPolicy.RUNTIME)
    @ExtendWith(RealNcclCondition.class)
    @interface RealNccl {}

    /** The stand-in libraries. */
    @Target(ElementType.TYPE)
    @Retention(RetentionPolicy.RUNTIME)
    @ExtendWith(SimulatedLibrariesCondition.class)
    @interface SimulatedLibraries {}

    static NcclHost host() {
        return HOST;
    }

    static final class GpuCondition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            int wanted = AnnotationSupport.findAnnotation(context.getRequiredTestClass(), Gpus.class)
                    .orElseThrow()
                    .value();
            if (HOST.problem().isEmpty() && !HOST.isSimulated() && HOST.devices() >= wanted) {
                return enabled(HOST.devices() + " GPUs");
            }
            String have = HOST.isSimulated()
                    ? "the libraries that are set are the stand-in's, which is no hardware"
                    : HOST.problem().orElse("there are " + HOST.devices());
            String reason = "SKIPPED, needs " + wanted + " NVIDIA GPU(s) and NCCL: " + have;
            if (REQUIRED) {
                throw new IllegalStateException(reason + " (and hardware is required in this run)");
            }
            // Build tools show that a class was skipped, and not why.
            System.out.println(context.getDisplayName() + ": " + reason);
            return disabled(reason);
        }
    }

    static final class RealNcclCondition implements ExecutionCondition {
        /** How an id of the stand-in is told: by the words in it. */
        private static final String SIMULATED_ID =
                HexFormat.of().formatHex("neurontp simulation".getBytes(StandardCharsets.US_ASCII));

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            try (ProgramProcess creator = ProgramProcess.neuron(REAL_NCCL, "--comm-id", "--communicator=nccl")) {
                creator.closeStdin();
                List<String> said = creator.rest(NcclGroup.TIMEOUT);
                if (creator.exitCode(NcclGroup.TIMEOUT) == 0 && !said.getFirst().contains(SIMULATED_ID)) {
                    return enabled("there is a libnccl.so.2");
                }
                String reason = "SKIPPED, needs a real libnccl.so.2: "
                        + (said.isEmpty() ? creator.stderr().strip() : "the one that is set is the stand-in");
                System.out.println(context.getDisplayName() + ": " + reason);
                return disabled(reason);
            }
        }
    }

    static final class SimulatedLibrariesCondition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return NcclHost.simulationIsBuilt()
                    ? enabled("the stand-in is there")
                    : disabled("SKIPPED: " + NcclHost.whyNotBuilt());
        }
    }
}
