package dev.neurontp.conformance.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A {@link TestFactory} whose tests publish the transcripts of their failures as report entries. It is for a method that returns
 * {@link WorkerJudge#tests()}.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@TestFactory
@ExtendWith(ReportEntries.class)
public @interface WireContractTest {}
