/** The contract as data: what {@code wire-contract.json} says, and nothing that the judged code says. */
package dev.neurontp.conformance.contract;
