package dev.neurontp.harness.pool;

import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.rpc.WorkerResponse;
import dev.neurontp.rpc.XCollectiveResult;
import dev.neurontp.rpc.XDeviceInfo;
import dev.neurontp.worker.comm.RankIdentity;
import java.util.Optional;

/** How a rank's reply was judged. Its texts are bounded and cleaned here, where they enter: a frame may have 16 MiB. */
sealed interface Reply {
    /** The longest right answer has 8 digits for every 32 of at most 1024 ranks. */
    int LONGEST_RANK_BITS = 256;

    /** The right reply to the operation. */
    record Right(WorkerResponse response) implements Reply {}

    /** The error that the rank answers with. */
    record Refusal(WorkerResponse.Error error) implements Reply {}

    /** Any other reply: nothing that comes after it can be trusted. */
    record Wrong(RankFault.Nature nature, String reason) implements Reply {}

    /** Judges an answer of that rank to an operation. */
    static Reply of(Operation<?> asked, RankIdentity who, WorkerResponse said) {
        if (said instanceof WorkerResponse.Error error) {
            WorkerResponse.Error clean = bounded(error);
            return asked.answeredBy(error) ? new Right(clean) : new Refusal(clean);
        }
        WorkerResponse response = cleaned(said);
        Optional<String> wrong = asked.wrong(who, response);
        return wrong.isEmpty() ? new Right(response) : new Wrong(RankFault.Nature.PROTOCOL, wrong.get());
    }

    /** The same error as one line of text within the contract's bound (O10s). */
    static WorkerResponse.Error bounded(WorkerResponse.Error error) {
        return new WorkerResponse.Error(
                ForeignText.of(error.kind(), ForeignText.NAME), ForeignText.of(error.message(), ForeignText.MESSAGE));
    }

    private static WorkerResponse cleaned(WorkerResponse said) {
        return switch (said) {
            case WorkerResponse.XNcclCheckResult result -> bounded(result);
            case XDeviceInfo info -> cleaned(info);
            case XCollectiveResult result -> cleaned(result);
            default -> said;
        };
    }

    private static XDeviceInfo cleaned(XDeviceInfo info) {
        return new XDeviceInfo(
                ForeignText.of(info.host()),
                ForeignText.of(info.bootId()),
                ForeignText.of(info.communicator()),
                info.simulated(),
                ForeignText.of(info.deviceUuid()),
                ForeignText.of(info.pciBusId()),
                ForeignText.of(info.deviceName()),
                ForeignText.of(info.driver()),
                ForeignText.of(info.cuda()),
                ForeignText.of(info.nccl()),
                ForeignText.of(info.ncclLibrary()),
                info.memoryTotal(),
                info.memoryFree(),
                ForeignText.of(info.numaNode()),
                ForeignText.of(info.computeCapability()));
    }

    private static XCollectiveResult cleaned(XCollectiveResult result) {
        return new XCollectiveResult(
                result.checked(),
                result.wrong(),
                result.firstIndex(),
                ForeignText.of(result.expected()),
                ForeignText.of(result.got()),
                ForeignText.of(result.cause()),
                result.wrongFrom(),
                result.device(),
                result.wall(),
                result.arrivedNs(),
                result.simulated());
    }

    private static WorkerResponse bounded(WorkerResponse.XNcclCheckResult result) {
        String bits = ForeignText.of(result.rankBits(), LONGEST_RANK_BITS);
        return new WorkerResponse.XNcclCheckResult(result.sumOfOnes(), result.sumOfRanks(), bits);
    }
}
