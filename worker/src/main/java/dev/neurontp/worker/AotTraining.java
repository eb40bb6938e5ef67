package dev.neurontp.worker;

import dev.neurontp.worker.comm.CommunicatorException;
import dev.neurontp.worker.comm.CommunicatorProvider;
import dev.neurontp.worker.comm.RankIdentity;
import dev.neurontp.worker.comm.Rendezvous;
import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * What the AOT cache of workers with one communicator is trained with: a group of one, in one process. The build runs it;
 * what is loaded and linked here, those workers find ready.
 */
final class AotTraining {
    private AotTraining() {}

    /**
     * With the name of a communicator it runs as a worker with that one; without a name it prints those that it can run
     * with.
     */
    public static void main(String[] arguments) throws CommunicatorException, InterruptedException {
        if (arguments.length == 0) {
            printTrainable();
            return;
        }
        CommunicatorProvider communicator = Communicators.named("the argument", arguments[0]);
        try (Rendezvous rendezvous = communicator.serve(System.getenv())) {
            live(communicator, rendezvous.commId());
        }
        WorkerMain.main(new String[] {"--worker", "--communicator", communicator.name()});
    }

    /** The build's host need not have a GPU. */
    private static void printTrainable() {
        for (String name : Communicators.names()) {
            if (!Communicators.named("the name", name).needsGpu()) {
                System.out.println(name);
            }
        }
    }

    private static void live(CommunicatorProvider communicator, String commId) throws InterruptedException {
        Log log = Log.toStderr(Log.Level.DEBUG, "training");
        RankIdentity identity = new RankIdentity(0, 1, 0);
        Rank rank = new Rank(identity, Stage.S7A_II, communicator.open(identity, System.getenv()), log);
        ShutdownWatchdog ending = new ShutdownWatchdog(
                rank, ShutdownWatchdog.Bounds.DEFAULT, () -> false, Runtime.getRuntime()::halt, log);
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
