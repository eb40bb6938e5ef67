package dev.neurontp.harness.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.worker.Communicators;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The pool with workers that are not ours, and ours with them: the wire is all that they share. */
@Timeout(60)
class DropInIT {
    private static final String PYTHON = "/usr/bin/python3";
    private static final PoolOptions OPTIONS = PoolOptions.DEFAULT.withCommunicator(Communicators.withoutGpu());

    @BeforeAll
    static void thereIsPython() {
        assumeTrue(Files.isExecutable(Path.of(PYTHON)), "skipped: there is no python3: apt-get install python3");
    }

    @Test
    void aPoolOfWorkersInAnotherLanguageLivesItsLife() throws Exception {
        liveALife(List.of(PYTHON, otherWorker()));
    }

    @Test
    void oursAndOthersFormOneGroup() throws Exception {
        String script = "neuron=$0 python=$1 other=$2; shift 2; "
                + "case \" $* \" in *' --rank 1 '*) exec \"$neuron\" \"$@\" ;; esac; exec \"$python\" \"$other\" \"$@\"";
        liveALife(List.of("/bin/sh", "-c", script, RealWorkers.COMMAND.getFirst(), PYTHON, otherWorker()));
    }

    private static void liveALife(List<String> command) throws Exception {
        try (WorkerPool pool = WorkerPool.spawn(command, 3, List.of(0L, 5L, 6L), OPTIONS)) {
            pool.pingAll();
            assertThat(pool.init().ranks()).hasSize(3);
            assertThat(pool.sanityCheck().first().observedSum()).isEqualTo(3);
            assertThat(pool.sanityCheck().first().observedSum()).isEqualTo(3);
            pool.pingAll();
            ShutdownReport report = pool.shutdown();
            assertThat(report.clean()).as(report.toString()).isTrue();
        }
    }

    private static String otherWorker() throws Exception {
        return Path.of(DropInIT.class.getResource("/other-worker.py").toURI()).toString();
    }
}
