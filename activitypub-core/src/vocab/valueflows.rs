//! Offers and agreements about things and work, from [Valueflows](https://www.valueflo.ws) as
//! [FEP-0837](https://w3id.org/fep/0837) uses it.

use super::as2::Object;
use crate::iri::Iri;
use crate::item::{Many, One};
use crate::vocabulary;
use om2::Measure;

vocabulary! {
    inherent namespace "https://w3id.org/valueflows/ont/vf#" as "vf";

    /// Something on offer, or asked for.
    Proposal: Object {
        /// `offer` or `request`.
        purpose = "purpose": str,
        /// What is offered or asked for.
        publishes = "publishes": One<Intent>,
        /// What is wanted in return.
        reciprocal = "reciprocal": One<Intent>,
        /// Whether the quantities are those of one unit, of which one may take several.
        unit_based = "unitBased": bool,
    }

    /// What would be done.
    Intent: EconomicAction + Object {
        /// How much there is in all.
        available_quantity = "availableQuantity": One<Measure>,
        /// How much one has to take at least.
        minimum_quantity = "minimumQuantity": One<Measure>,
    }

    /// What both sides will do.
    Agreement: Object {
        /// What the one who made the proposal will do.
        stipulates = "stipulates": Many<Commitment>,
        /// What the other one will do in return.
        stipulates_reciprocal = "stipulatesReciprocal": Many<Commitment>,
    }

    /// What one side will do.
    Commitment: EconomicAction + Object {
        /// The intent it follows from.
        satisfies = "satisfies": One<Intent>,
    }

    /// Something that is or will be done with a resource.
    abstract EconomicAction: Object {
        /// What is done, such as `transfer` or `deliverService`.
        economic_action = "action": str,
        /// What kind of thing it is done with, often an item of Wikidata.
        resource_conforms_to = "resourceConformsTo": Iri,
        /// How much of that.
        resource_quantity = "resourceQuantity": One<Measure>,
    }
}

/// Quantities: the [Ontology of units of Measure](https://github.com/HajoRijgersberg/OM).
pub mod om2 {
    use crate::vocabulary;

    vocabulary! {
        inherent namespace "http://www.ontology-of-units-of-measure.org/resource/om-2/" as "om2";

        /// A number of units.
        abstract Measure {
            /// The unit, such as `one` or `hour`.
            has_unit = "hasUnit": str,
            /// The number, decimal digits in a text so that it stays exact.
            has_numerical_value = "hasNumericalValue": str,
        }
    }
}
