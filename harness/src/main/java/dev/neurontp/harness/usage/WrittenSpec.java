package dev.neurontp.harness.usage;

import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;

/**
 * What picocli's annotations of one class say, as code. The build writes one for each class that has such annotations
 * ({@code src/build/SpecWriter.java}), named as the class with {@value #SUFFIX} behind, in its package: to read annotations takes Java
 * tens of milliseconds at each start, since it makes a class for each kind of annotation and code for each kind of field.
 */
public interface WrittenSpec {
    /** What stands behind the name of the class that is described. */
    String SUFFIX = "Spec";

    /**
     * What picocli would make of {@code described}, whose mixins are created where it has none.
     *
     * @param described an object of the class that this was written for
     * @param factory creates mixins, converters, words for completion and the like
     */
    CommandSpec of(Object described, IFactory factory);

    /** Says to {@code described}, a mixin, which command it is part of. */
    void mixedInto(CommandSpec mixee, Object described);
}
