/** The mapping of the Python script that this product grew from, as its reader pastes it. */
export const TUTORIAL_MAPPING = `{
"fetch_customer": {
"definition_id": "your-definition-id-1",
"depends_on": [],
"inputs": {"account_id": "12345"}
},
"enrich_data": {
"definition_id": "your-definition-id-2",
"depends_on": ["fetch_customer"],
"inputs": {"customer_id": "{{ fetch_customer.customer_id }}"}
},
"update_crm": {
"definition_id": "your-definition-id-3",
"depends_on": ["enrich_data"],
"inputs": {"record_id": "{{ enrich_data.record_id }}", "status": "processed"}
}
}`;
