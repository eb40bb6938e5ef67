package dev.neurontp.conformance.check;

import dev.neurontp.conformance.process.StartFailure;
import java.util.List;
import java.util.function.Supplier;
import net.jqwik.api.Arbitrary;

/** One check: it names the rule that it is about, and says what is tried. */
public sealed interface Check {

    /** The rule's id, a dot and a name of its own, such as {@code F2.inside}. */
    String id();

    /** What is tried, in a few words. */
    String title();

    /** The id of the rule that it checks. */
    default String rule() {
        return id().substring(0, id().indexOf('.'));
    }

    /** Fixed scripts, each run in a shared worker. */
    record Examples(String id, String title, List<Script> scripts) implements Check {
        public Examples {
            scripts = List.copyOf(scripts);
        }

        /** What is particular about the line of this name; empty where there is no such line. */
        public String lineClass(String example) {
            return scripts.stream()
                    .filter(script ->
                            script.lines().size() == 1 && script.name().equals(example))
                    .findFirst()
                    .map(script ->
                            LineClass.of(script.lines().getFirst().bytes()).words())
                    .orElse("");
        }
    }

    /** Scripts drawn at random, run in a shared worker; a failing one is shrunk. */
    record Property(String id, String title, Supplier<Arbitrary<Script>> scripts) implements Check {}

    /** Whether it is about ranks that have joined a group, and so for a worker that can. */
    default boolean needsGroup() {
        return id().endsWith(IN_A_GROUP);
    }

    /** Ends the id of a check that looks at a rule in ranks that have joined. */
    String IN_A_GROUP = ".in-a-group";

    /** A check that starts workers of its own. */
    record Own(String id, String title, Body body) implements Check {}

    /** A check that starts workers of its own and mostly waits: it takes the place of no other. */
    record Background(String id, String title, Body body) implements Check {}

    /** What an {@link Own} or {@link Background} check does. */
    @FunctionalInterface
    interface Body {
        /**
         * Judges.
         *
         * @throws RuleViolation if the rule is broken
         */
        void judge(CheckContext context) throws RuleViolation, StartFailure;
    }
}
