#include "sheet/vendor.h"

/* Opportunity, as the data loader and the API write it. */
static const struct vendor_column salesforce[] = {
	{ "Id", "external_id" },
	{ "Name", "name" },
	{ "AccountId", "account" },
	{ "Account.Name", "account" },
	{ "StageName", "stage" },
	{ "Amount", "amount" },
	{ "CurrencyIsoCode", "currency" },
	{ "Probability", "their_probability|probability" },
	{ "CloseDate", "closes_on|closed_on" },
	{ "NextStep", "next_step" },
	{ "LeadSource", "lead_source" },
	{ "Type", "type" },
	{ "OwnerId", "owner" },
	{ "Owner.Name", "owner" },
	{ "CreatedDate", "created_on" },
	{ "Description", "description" },
	{ "ForecastCategoryName", "category" },
	{ "LastActivityDate", "touched_on" },
	{ "Product__c", "product" },
	{ "Loss_Reason__c", "lost_reason" },
	{ NULL, NULL },
};

static const struct vendor_column salesforce_report[] = {
	{ "Opportunity ID", "external_id" },
	{ "Opportunity Name", "name" },
	{ "Account Name", "account" },
	{ "Opportunity Owner", "owner" },
	{ "Stage", "stage" },
	{ "Amount", "amount" },
	{ "Amount Currency", "currency" },
	{ "Probability (%)", "their_probability|probability" },
	{ "Close Date", "closes_on|closed_on" },
	{ "Created Date", "created_on" },
	{ "Next Step", "next_step" },
	{ "Lead Source", "lead_source" },
	{ "Type", "type" },
	{ "Forecast Category", "category" },
	{ "Product Name", "product" },
	{ "Loss Reason", "lost_reason" },
	{ NULL, NULL },
};

static const struct vendor_column hubspot[] = {
	{ "Record ID", "external_id" },
	{ "Deal ID", "external_id" },
	{ "Deal Name", "name" },
	{ "Deal Stage", "stage" },
	{ "Pipeline", "pipeline|process" },
	{ "Amount", "amount" },
	{ "Currency", "currency" },
	{ "Close Date", "closes_on|closed_on" },
	{ "Create Date", "created_on" },
	{ "Deal owner", "owner" },
	{ "Deal Type", "type" },
	{ "Closed Lost Reason", "lost_reason" },
	{ "Associated Company", "account" },
	{ "Associated Contact", "contact" },
	{ "Associated Note", "note" },
	{ "Next step", "next_step" },
	{ "Deal probability", "their_probability|probability" },
	{ "Forecast category", "category" },
	{ "Last Activity Date", "touched_on" },
	{ NULL, NULL },
};

static const struct vendor_column pipedrive[] = {
	{ "Deal - ID", "external_id" },
	{ "Deal - Title", "name" },
	{ "Deal - Organization", "account" },
	{ "Deal - Contact person", "contact" },
	{ "Deal - Value", "amount" },
	{ "Deal - Currency of value", "currency" },
	{ "Deal - Currency of Value", "currency" },
	{ "Deal - Currency", "currency" },
	{ "Deal - Pipeline", "pipeline|process" },
	{ "Deal - Stage", "stage" },
	{ "Deal - Status", "outcome" },
	{ "Deal - Owner", "owner" },
	{ "Deal - Deal created", "created_on" },
	{ "Deal - Won time", "won_on|closed_on" },
	{ "Deal - Lost time", "lost_on|closed_on" },
	{ "Deal - Deal closed on", "closed_on" },
	{ "Deal - Expected close date", "closes_on" },
	{ "Deal - Probability", "their_probability|probability" },
	{ "Deal - Lost reason", "lost_reason" },
	{ "Deal - Label", "label" },
	{ "Deal - Last activity date", "touched_on" },
	{ "Deal - Next activity date", "next_step_on" },
	{ NULL, NULL },
};

/* Deals were called Potentials once. */
static const struct vendor_column zoho[] = {
	{ "Record Id", "external_id" },
	{ "Potential Id", "external_id" },
	{ "Deal Id", "external_id" },
	{ "Potential Name", "name" },
	{ "Deal Name", "name" },
	{ "Potential Owner", "owner" },
	{ "Deal Owner", "owner" },
	{ "Account Name", "account" },
	{ "Contact Name", "contact" },
	{ "Created Time", "created_on" },
	{ "Closing Date", "closes_on|closed_on" },
	{ "Amount", "amount" },
	{ "Currency", "currency" },
	{ "Stage", "stage" },
	{ "Type", "type" },
	{ "Lead Source", "lead_source" },
	{ "Probability", "their_probability|probability" },
	{ "Probability (%)", "their_probability|probability" },
	{ "Next Step", "next_step" },
	{ "Pipeline", "pipeline|process" },
	{ "Reason For Loss", "lost_reason" },
	{ "Description", "description" },
	{ NULL, NULL },
};

static const struct vendor_column dynamics[] = {
	{ "(Do Not Modify) Opportunity", "external_id" },
	{ "Topic", "name" },
	{ "Potential Customer", "account" },
	{ "Account", "account" },
	{ "Contact", "contact" },
	{ "Est. Close Date", "closes_on" },
	{ "Actual Close Date", "closed_on" },
	{ "Est. Revenue", "amount" },
	{ "Currency", "currency" },
	{ "Probability", "their_probability|probability" },
	{ "Pipeline Phase", "stage" },
	{ "Sales Stage", "stage" },
	{ "Status Reason", "outcome" },
	{ "Owner", "owner" },
	{ "Created On", "created_on" },
	{ NULL, NULL },
};

/* Histories of deals (D5b). */
static const struct vendor_column salesforce_history[] = {
	{ "Id", "external_id" },
	{ "OpportunityId", "deal" },
	{ "StageName", "stage" },
	{ "Amount", "amount" },
	{ "CloseDate", "closes_on" },
	{ "CurrencyIsoCode", "currency" },
	{ "CreatedDate", "at" },
	{ "CreatedById", "by" },
	{ "Field", "field" },
	{ "OldValue", "was" },
	{ "NewValue", "became" },
	{ NULL, NULL },
};

static const struct vendor_column salesforce_history_report[] = {
	{ "Opportunity ID", "deal" },
	{ "Opportunity Name", "deal" },
	{ "From Stage", "stage_from" },
	{ "To Stage", "stage" },
	{ "Amount", "amount" },
	{ "Close Date", "closes_on" },
	{ "Last Modified", "at" },
	{ "Last Modified Date", "at" },
	{ "Last Modified By", "by" },
	{ "Field / Event", "field" },
	{ "Old Value", "was" },
	{ "New Value", "became" },
	{ "Edit Date", "at" },
	{ "Edited By", "by" },
	{ NULL, NULL },
};

static const struct vendor_column hubspot_history[] = {
	{ "Record ID", "deal" },
	{ "Object ID", "deal" },
	{ "Property", "field" },
	{ "Property name", "field" },
	{ "Value", "became" },
	{ "Property value", "became" },
	{ "Timestamp", "at" },
	{ "Change date", "at" },
	{ "Changed by", "by" },
	{ NULL, NULL },
};

static const struct vendor_column zoho_history[] = {
	{ "Deal Id", "deal" },
	{ "Deal Name", "deal" },
	{ "Potential Name", "deal" },
	{ "Stage", "stage" },
	{ "Amount", "amount" },
	{ "Closing Date", "closes_on" },
	{ "Modified Time", "at" },
	{ "Last Modified Time", "at" },
	{ "Modified By", "by" },
	{ NULL, NULL },
};

static const struct vendor_column generic[] = {
	{ "opportunity_id", "external_id" },
	{ "sales_agent", "owner" },
	{ "product", "product" },
	{ "account", "account" },
	{ "deal_stage", "stage" },
	{ "engage_date", "engaged_on" },
	{ "close_date", "closed_on|closes_on" },
	{ "close_value", "amount" },
	{ NULL, NULL },
};

static const struct vendor vendors[] = {
	{ "salesforce", "Salesforce history", { "OpportunityId", "StageName", "CreatedDate" }, salesforce_history,
	        NULL },
	{ "salesforce", "Salesforce field history", { "OpportunityId", "Field", "NewValue" }, salesforce_history,
	        NULL },
	{ "salesforce", "Salesforce history report", { "Opportunity Name", "From Stage", "To Stage" },
	        salesforce_history_report, NULL },
	{ "salesforce", "Salesforce history report", { "Opportunity Name", "Old Value", "New Value" },
	        salesforce_history_report, NULL },
	{ "hubspot", "HubSpot history", { "Record ID", "Property", "Value", "Timestamp" }, hubspot_history, "Y-M-D" },
	{ "hubspot", "HubSpot history", { "Record ID", "Property name", "Property value", "Change date" },
	        hubspot_history, "Y-M-D" },
	{ "salesforce", "Salesforce export", { "StageName", "CloseDate" }, salesforce, NULL },
	{ "salesforce", "Salesforce report", { "Opportunity Name", "Stage", "Close Date" }, salesforce_report, NULL },
	{ "hubspot", "HubSpot", { "Deal Name", "Deal Stage" }, hubspot, "Y-M-D" },
	{ "pipedrive", "Pipedrive", { "Deal - Title", "Deal - Stage" }, pipedrive, NULL },
	{ "zoho", "Zoho CRM", { "Potential Name", "Closing Date" }, zoho, NULL },
	{ "zoho", "Zoho CRM", { "Deal Name", "Closing Date", "Stage" }, zoho, NULL },
	{ "zoho", "Zoho CRM history", { "Deal Name", "Stage", "Modified Time" }, zoho_history, NULL },
	{ "dynamics", "Dynamics 365", { "(Do Not Modify) Opportunity" }, dynamics, NULL },
	{ "dynamics", "Dynamics 365", { "Topic", "Est. Revenue" }, dynamics, NULL },
	{ "maven", "sales pipeline (Maven)", { "opportunity_id", "sales_agent", "deal_stage" }, generic, "Y-M-D" },
};

static bool
has(const struct csv_shape *shape, const char *name)
{
	for (size_t i = 0; i < shape->n_columns; i++)
		if (str_same(shape->columns[i].name, str_of(name)))
			return true;
	return false;
}

const struct vendor *
vendor_find(const struct csv_shape *shape)
{
	for (size_t v = 0; v < sizeof(vendors) / sizeof(*vendors); v++) {
		bool all = true;
		for (size_t i = 0; i < 4 && vendors[v].sure[i]; i++)
			all = all && has(shape, vendors[v].sure[i]);
		if (all)
			return &vendors[v];
	}
	return NULL;
}

str
vendor_words(str canonical)
{
	static const struct {
		str name, words;
	} fields[] = {
		{ STR_INIT("external_id"),
		        STR_INIT("id|deal id|opportunity id|record id|deal number|opportunity number|number|"
		                 "nummer|vorgangsnummer|datensatz-id|kennung|\xc4\x8d\xc3\xadslo") },
		{ STR_INIT("name"),
		        STR_INIT("deal name|deal|opportunity name|opportunity|title|topic|subject|titel|bezeichnung|"
		                 "betreff|verkaufschance|gesch\xc3\xa4"
		                 "ft|n\xc3\xa1zev") },
		{ STR_INIT("account"),
		        STR_INIT("account name|company|company name|customer|customer name|organization|organisation|"
		                 "client|potential "
		                 "customer|firma|firmenname|kunde|kundenname|unternehmen|z\xc3\xa1kazn\xc3\xadk") },
		{ STR_INIT("contact"), STR_INIT("contact name|contact person|primary contact|ansprechpartner|kontakt|"
		                                "kontaktperson") },
		{ STR_INIT("product"),
		        STR_INIT("product name|product line|item|produkt|produktname|artikel|v\xc3\xbdrobek") },
		{ STR_INIT("owner"),
		        STR_INIT(
		                "deal owner|opportunity owner|account owner|sales rep|sales representative|salesperson|"
		                "sales agent|account manager|assigned "
		                "to|responsible|rep|seller|verantwortlich|verantwortlicher|"
		                "zust\xc3\xa4ndig|besitzer|inhaber|verk\xc3\xa4ufer|vertriebler|vertriebsmitarbeiter|"
		                "betreuer|obchodn\xc3\xadk") },
		{ STR_INIT("stage"),
		        STR_INIT("stage name|deal stage|sales stage|pipeline stage|opportunity stage|phase|step|"
		                 "verkaufsphase|vertriebsphase|stufe|f\xc3\xa1ze") },
		{ STR_INIT("outcome"),
		        STR_INIT("status|deal status|opportunity status|result|won|is won|ergebnis|gewonnen|"
		                 "vyhr\xc3\xa1no|stav") },
		{ STR_INIT("amount"),
		        STR_INIT("value|deal value|deal amount|opportunity amount|close value|revenue|est. revenue|"
		                 "estimated revenue|price|total|contract "
		                 "value|betrag|wert|auftragswert|summe|umsatz|volumen|auftragsvolumen|"
		                 "preis|\xc4\x8d\xc3\xa1stka|hodnota") },
		{ STR_INIT("currency"),
		        STR_INIT("currency code|amount currency|deal currency|w\xc3\xa4hrung|m\xc4\x9bna") },
		{ STR_INIT("closes_on"),
		        STR_INIT("close date|closing date|expected close date|expected close|est. close date|"
		                 "estimated close date|forecast close date|abschlussdatum|erwarteter "
		                 "abschluss|voraussichtlicher abschluss|"
		                 "datum uzav\xc5\x99"
		                 "en\xc3\xad") },
		{ STR_INIT("closed_on"),
		        STR_INIT("actual close date|closed date|closed at|date closed|closed|abgeschlossen am|"
		                 "tats\xc3\xa4"
		                 "chlicher abschluss|uzav\xc5\x99"
		                 "eno") },
		{ STR_INIT("engaged_on"), STR_INIT("engage date|first contact|qualified date|erstkontakt") },
		{ STR_INIT("created_on"),
		        STR_INIT("created|create date|created date|created at|created on|created time|date created|"
		                 "creation date|erstellt|erstellt am|erstelldatum|angelegt am|anlagedatum|vytvo\xc5\x99"
		                 "eno") },
		{ STR_INIT("their_probability"), STR_INIT("probability|deal probability|win probability|chance|"
		                                          "wahrscheinlichkeit|pravd\xc4\x9bpodobnost") },
		{ STR_INIT("probability"), STR_INIT("deal probability|win probability|chance|wahrscheinlichkeit|"
		                                    "pravd\xc4\x9bpodobnost") },
		{ STR_INIT("pipeline"), STR_INIT("sales pipeline|sales process|vertriebsprozess") },
		{ STR_INIT("process"), STR_INIT("pipeline|sales process|vertriebsprozess") },
		{ STR_INIT("next_step"), STR_INIT("next action|n\xc3\xa4"
		                                  "chster schritt|dal\xc5\xa1\xc3\xad krok") },
		{ STR_INIT("next_step_on"), STR_INIT("next step date|next activity date|wiedervorlage") },
		{ STR_INIT("lost_reason"), STR_INIT("loss reason|reason lost|closed lost reason|verlustgrund|grund|"
		                                    "d\xc5\xafvod prohry") },
		{ STR_INIT("category"), STR_INIT("forecast category|prognosekategorie") },
		{ STR_INIT("description"), STR_INIT("beschreibung|popis") },
		{ STR_INIT("note"), STR_INIT("notes|comment|comments|notiz|notizen|bemerkung|pozn\xc3\xa1mka") },
		{ STR_INIT("email"), STR_INIT("e-mail|mail|e-mail address|email address|e-mail-adresse") },
		{ STR_INIT("phone"), STR_INIT("telephone|phone number|telefon|telefonnummer|tel.") },
		{ STR_INIT("city"), STR_INIT("town|stadt|ort|m\xc4\x9bsto") },
		{ STR_INIT("country"), STR_INIT("land|zem\xc4\x9b") },
		{ STR_INIT("manager"),
		        STR_INIT("supervisor|boss|reports to|vorgesetzter|vorgesetzte|f\xc3\xbchrungskraft|"
		                 "nad\xc5\x99\xc3\xadzen\xc3\xbd") },
	};
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		if (str_eq(canonical, fields[i].name))
			return fields[i].words;
	return (str){ 0 };
}
