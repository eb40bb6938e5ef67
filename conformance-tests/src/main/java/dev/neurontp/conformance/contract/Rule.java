package dev.neurontp.conformance.contract;

import java.util.List;
import java.util.Set;

/**
 * One rule of the contract.
 *
 * @param since the contract version that added it, such as 1.0
 * @param noJudgement what a judge leaves alone under this rule, or an empty string
 * @param example the rule's example, as lines for a person
 */
public record Rule(
        String id,
        Level level,
        String since,
        Set<Stage> stages,
        String title,
        String text,
        String why,
        String noJudgement,
        List<String> example) {

    public Rule {
        stages = Set.copyOf(stages);
        example = List.copyOf(example);
    }

    /** Whether a worker can be held to it at all. */
    public boolean isJudged() {
        return level != Level.OWN;
    }
}
