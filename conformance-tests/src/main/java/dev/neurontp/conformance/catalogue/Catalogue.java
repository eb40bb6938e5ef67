package dev.neurontp.conformance.catalogue;

import dev.neurontp.conformance.check.Check;
import dev.neurontp.conformance.contract.Contract;
import java.util.ArrayList;
import java.util.List;

/** All checks there are. Those that need long or start workers of their own stand first, so that lanes end together. */
public final class Catalogue {

    private Catalogue() {}

    /** Every check, in the order in which they are begun. */
    public static List<Check> checks(Contract contract) {
        Texts texts = new Texts(contract);
        List<Check> checks = new ArrayList<>();
        checks.addAll(LifeChecks.all());
        checks.addAll(LastLineChecks.all(contract));
        checks.addAll(LostReaderChecks.all());
        checks.addAll(ArgumentChecks.all());
        checks.addAll(SizeChecks.all(contract));
        checks.addAll(FrameChecks.all(texts));
        checks.addAll(ChunkChecks.all(texts));
        checks.addAll(EncodingChecks.all());
        checks.addAll(RequestChecks.all(texts));
        checks.addAll(RefusalChecks.all(texts));
        checks.addAll(ReplyChecks.all());
        checks.addAll(StageChecks.all(texts));
        checks.addAll(IdleChecks.all());
        checks.addAll(1, GroupErrorChecks.all(List.copyOf(checks)));
        checks.addAll(1, GroupLifeChecks.all());
        checks.addAll(1, GroupChecks.all());
        return List.copyOf(checks);
    }
}
