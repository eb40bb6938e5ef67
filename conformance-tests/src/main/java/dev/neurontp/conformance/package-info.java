/**
 * The conformance suite: it judges any worker program from outside, by the contract document and raw bytes, and
 * shares no code with what it judges.
 */
package dev.neurontp.conformance;
