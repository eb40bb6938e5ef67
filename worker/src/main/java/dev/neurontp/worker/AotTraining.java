package dev.neurontp.worker;

import dev.neurontp.worker.comm.CommunicatorException;
import dev.neurontp.worker.comm.CommunicatorKind;
import dev.neurontp.worker.comm.RankIdentity;
import dev.neurontp.worker.comm.Rendezvous;
import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * A group of one over the loopback communicator, in one process. The build runs it to make the AOT cache of workers with
 * that communicator: what is loaded and linked here, they find ready.
 */
final class AotTraining {
    private AotTraining() {}

    public static void main(String[] arguments) throws CommunicatorException, InterruptedException {
        try (Rendezvous rendezvous = Communicators.serve(CommunicatorKind.LOOPBACK)) {
            live(rendezvous.commId());
        }
        WorkerMain.main(new String[] {"--worker", "--communicator", "loopback"});
    }

    private static void live(String commId) throws InterruptedException {
        Log log = Log.toStderr(Log.Level.DEBUG, "training");
        RankIdentity identity = new RankIdentity(0, 1, 0);
        Rank rank = new Rank(identity, Stage.S7A_II, Communicators.open(CommunicatorKind.LOOPBACK, identity), log);
        ShutdownWatchdog ending =
                new ShutdownWatchdog(rank, ShutdownWatchdog.Bounds.DEFAULT, Runtime.getRuntime()::halt, log);
        String requests = """
                {"op":"ping"}
                {"op":"nccl_sanity_check"}
                {"op":"init","comm_id":"%s"}
                {"op":"nccl_sanity_check"}
                {"op":"no_such_op"}
                no json
                {"op":"shutdown"}
                """.replace("%s", commId);
        ByteArrayInputStream stdin = new ByteArrayInputStream(requests.getBytes(StandardCharsets.UTF_8));
        new ServeLoop(stdin, OutputStream::nullOutputStream, rank, ending, () -> false, log).run();
        ending.finish();
    }
}
